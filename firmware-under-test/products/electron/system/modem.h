/* Driver of the cellular modem: u-blox SARA-U2 class or SARA-R410, over AT commands in the order of
 * device-os v0.7.0 (hal/src/electron/modem/mdm_hal.cpp; the R410 part as v2.3.1).
 *
 * Straight-line code: a call returns when the modem has answered or its time is up. Meanwhile the
 * `wait` hook runs the rest of the product; it must not call the driver. Unsolicited results are
 * noted whenever bytes are taken.
 *
 * What the driver must keep of the original: the APN is set only when the packet-data profile is
 * not active. A reset of the processor alone finds the profile active and leaves it as it is. */
#ifndef ELECTRON_MODEM_H
#define ELECTRON_MODEM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/at_parser.h"
#include "core/text.h"

enum modem_family { MODEM_SARA_U2, MODEM_SARA_R4 };

enum { MODEM_SOCKETS = 7, MODEM_NO_SOCKET = -1, MODEM_APN = 64 };

/* Credentials for the packet-data network; NULL or "" = none. */
struct apn_choice {
    const char *apn;
    const char *user;
    const char *password;
    const char *source; /* word for the console: user, default, config, list */
};

struct modem {
    void (*wait)(uint32_t deadline_ms); /* until there are bytes, or something else happened */
    struct at_parser parser;
    struct text command; /* the command being put together */
    char command_characters[160];
    enum modem_family family;
    char model[24];
    char imei[20];
    char imsi[20];
    char iccid[24];
    char apn[MODEM_APN]; /* of the profile, as the modem told */
    bool sim_ready;
    bool registered;
    bool profile_active;
    bool attached;
    uint32_t timeouts; /* commands in a row that nobody answered */
    uint32_t ip;       /* last address in an answer: ours, or of a host */
    int32_t socket;    /* MODEM_NO_SOCKET or 0..6 */
    uint32_t unread;   /* bytes that wait in the socket, as far as we know */
    bool unread_news;  /* that was told while a read was under way */
    uint32_t received; /* bytes in `datagram` */
    uint8_t datagram[AT_LARGEST_DATA + 2] __attribute__((aligned(4)));
};

/* A datagram starts here: a chunk's data, ten bytes later, is then aligned to words. */
static inline const uint8_t *modem_datagram(const struct modem *modem)
{
    return modem->datagram + 2;
}

void modem_init(struct modem *modem, void (*wait)(uint32_t deadline_ms));

/* Switches it on, unless it is on, and makes it talk; with the RESET pin when nothing else helps.
 */
bool modem_power_on(struct modem *modem);
void modem_power_off(struct modem *modem);
/* Who it is, and whose SIM is in it. */
bool modem_identify(struct modem *modem);

/* Joins the network: waits up to three minutes. On the R410 the network judges the APN here. */
bool modem_register(struct modem *modem, const struct apn_choice *choice);
/* Gets an IP address with that APN, or with the profile that is active already. */
bool modem_attach(struct modem *modem, const struct apn_choice *choice);

/* Closes what an earlier run left open. */
void modem_close_sockets(struct modem *modem);
/* IPv4 address, 0 when the name is not found. */
uint32_t modem_resolve(struct modem *modem, const char *host);
bool modem_open_socket(struct modem *modem);
void modem_close_socket(struct modem *modem);

struct modem_peer {
    uint32_t ip;
    uint16_t port;
};
bool modem_send(struct modem *modem, const struct modem_peer *peer, const void *data,
                uint32_t length);
/* Takes the next datagram into modem->datagram: its length, 0 when there is none. */
uint32_t modem_receive(struct modem *modem);

/* Waits, and notes what the modem says on its own. Returns early when that leaves something to
 * do. */
void modem_poll(struct modem *modem, uint32_t deadline_ms);
/* Two commands in a row got no answer. */
bool modem_is_dead(const struct modem *modem);

#endif
