/* The upgrade: fetched over plain HTTP twice, because the image is larger than RAM. The first pass
 * checks it and stores nothing, the second checks it again and programs it in place. Any failure
 * ends the upgrade; what becomes of it then is the policy's (upgrade_policy.h). The device restarts
 * whatever the result, and the server tells it to upgrade again.
 *
 * One call, straight through: meanwhile the application does not run. */
#ifndef IMP_UPGRADE_H
#define IMP_UPGRADE_H

#include <stdint.h>

#include "products/electron/system/modem.h"
#include "upgrade_blocks.h"

enum upgrade_result {
    UPGRADE_DONE,
    UPGRADE_NO_SERVER,  /* no address, no connection, request not sent */
    UPGRADE_CLOSED,     /* the connection ended before the body did */
    UPGRADE_BAD_ANSWER, /* no HTTP, another status than asked for, a length that cannot be */
    UPGRADE_STALLED,    /* nothing came for too long */
    UPGRADE_TIMEOUT,    /* the session's time is up */
    UPGRADE_BAD_IMAGE,  /* `fate` says why */
};

struct upgrade {
    struct modem *modem;
    uint32_t version;
    struct modem_peer server;
    uint32_t started_ms;
    uint32_t sent;     /* bytes, of all connections */
    uint32_t received; /* bytes, heads included */
    uint32_t reported; /* position of the last progress line */
    unsigned pass;
    enum upgrade_fate fate;
    struct upgrade_image image;
    struct upgrade_blocks blocks;
};

/* Both passes, with console lines. Does not restart the device. `server.port` 0 is 80, `server.ip`
 * 0: looked up. */
enum upgrade_result upgrade_run(struct upgrade *upgrade);

const char *upgrade_result_name(enum upgrade_result result);

#endif
