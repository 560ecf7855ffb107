/* The two ways to an IP address, one per modem family, and what they print. */
#ifndef ELECTRON_MODEM_NETWORK_H
#define ELECTRON_MODEM_NETWORK_H

#include "modem.h"

/* SARA-U2: packet-data profile 0. Volatile; kept as it is when it is active. */
bool modem_join_profile(struct modem *modem, const struct apn_choice *choice);

/* SARA-R410: packet-data context 1, in the modem's own non-volatile memory. Set before
 * registration. */
bool modem_set_context(struct modem *modem, const struct apn_choice *choice);
bool modem_take_context_address(struct modem *modem);

void modem_report_apn(const char *apn, const char *source);
void modem_report_refused(const struct apn_choice *choice);

#endif
