/* TCP through the modem's socket commands, beside the datagrams of modem.h: one socket at a time,
 * the same one. A socket that the peer closed is gone (modem->socket) once all is read. */
#ifndef IMP_MODEM_STREAM_H
#define IMP_MODEM_STREAM_H

#include "products/electron/system/modem.h"

/* Waits for the connection: the network's affair, up to three minutes. */
bool modem_stream_open(struct modem *modem, const struct modem_peer *peer);
bool modem_stream_send(struct modem *modem, const void *data, uint32_t length);
/* What has arrived, into modem_datagram(): its length, 0 when there is nothing. */
uint32_t modem_stream_read(struct modem *modem);

#endif
