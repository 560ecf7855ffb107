#include "network.h"

#include <stddef.h>

#include "apn_source.h"
#include "core/board.h"
#include "session.h"
#include "system.h"

enum {
    FIRST_PAUSE_MS = 5 * 1000,
    LONGEST_PAUSE_MS = 60 * 1000,
    FIRST_SERVER_PAUSE_MS = 1000,
    SERVER_FAILURES = 3, /* in a row, then the modem is switched off: all it remembers goes */
};

static struct apn_choice choose_apn(const struct system *system)
{
    const struct apn_choice *set = &system->credentials;
    if (set->apn != NULL && set->apn[0] != 0) {
        return *set;
    }
    return apn_source_choose(&system->dct, system->modem.imsi);
}

static bool connect(struct system *system)
{
    struct modem *modem = &system->modem;
    if (!modem_power_on(modem) || !modem_identify(modem)) {
        return false;
    }
    struct apn_choice choice = choose_apn(system);
    if (!modem_register(modem, &choice) || !modem_attach(modem, &choice)) {
        return false;
    }
    modem_close_sockets(modem);
    return true;
}

static void pause(struct system *system, uint32_t milliseconds)
{
    uint32_t deadline = board_millis() + milliseconds;
    while ((int32_t)(board_millis() - deadline) < 0) {
        modem_poll(&system->modem, deadline);
    }
}

static bool is_connected(const struct system *system)
{
    return system->modem.attached && !modem_is_dead(&system->modem);
}

/* One session after the other. False when the server could not be reached several times in a row,
 * true when the network is gone and is to be joined again. */
static bool serve(struct system *system)
{
    unsigned failures = 0;
    while (is_connected(system)) {
        bool was_online = session_open(system) && session_run(system);
        failures = was_online ? 0 : failures + 1;
        if (failures == SERVER_FAILURES) {
            return false;
        }
        modem_close_socket(&system->modem);
        pause(system, (uint32_t)FIRST_SERVER_PAUSE_MS << failures);
    }
    return true;
}

static uint32_t grown(uint32_t pause_ms)
{
    return pause_ms * 2 < LONGEST_PAUSE_MS ? pause_ms * 2 : LONGEST_PAUSE_MS;
}

void network_run(struct system *system)
{
    uint32_t pause_ms = FIRST_PAUSE_MS;
    for (;;) {
        bool connected = connect(system);
        if (connected) {
            pause_ms = FIRST_PAUSE_MS;
        }
        if (connected && serve(system)) {
            continue;
        }
        modem_power_off(&system->modem);
        pause(system, pause_ms);
        pause_ms = grown(pause_ms);
    }
}
