/* The imp's side of an update: the server only says that there is one. CLOUD_BEGIN with
 * UPDATER_FETCH in its flags has the version in place of the address; the image is fetched from
 * another server (upgrade.h), and no chunk is ever taken. Everything happens before the session
 * goes on, and ends with a restart; products/electron's session is not told. */
#include "products/electron/system/updater.h"

#include "core/board.h"
#include "core/boot_flags.h"
#include "core/console.h"
#include "products/electron/system/system.h"
#include "status.h"
#include "upgrade.h"
#include "upgrade_policy.h"

enum { UPDATER_FETCH = 2 };

static struct upgrade upgrade;
static bool deferred; /* an offer was refused that may be taken later */

enum cloud_answer updater_take(struct system *system, const struct cloud_message *message)
{
    struct updater *updater = &system->updater;
    if (message->code != CLOUD_BEGIN || !cloud_decode_begin(message, &updater->offer) ||
        (updater->offer.flags & UPDATER_FETCH) == 0) {
        return CLOUD_REFUSED;
    }
    if (!upgrade_permitted(board_millis())) {
        status_say("firmware update deferred: the product is in use");
        deferred = true;
        return CLOUD_REFUSED;
    }
    updater->state = UPDATER_OFFERED;
    return CLOUD_ACCEPTED;
}

static void __attribute__((noreturn)) restart(enum reset_reason reason)
{
    struct console_line line = console_line("resetting");
    console_text(&line, "reason", reset_reason_name(reason));
    console_send(&line);
    boot_reset(reason);
}

void updater_start_offered(struct system *system)
{
    struct updater *updater = &system->updater;
    if (updater->state != UPDATER_OFFERED) {
        return;
    }
    status_say("firmware update triggered");
    status_say_storage("Downloading new code");
    system->safe_mode = true; /* the application has had its last turn */
    modem_close_socket(&system->modem);
    upgrade.modem = &system->modem;
    upgrade.version = updater->offer.address;
    enum upgrade_result result = upgrade_run(&upgrade);
    status_say_disconnected(upgrade.sent, upgrade.received);
    restart(result == UPGRADE_DONE ? RESET_UPDATE : RESET_UPDATE_ERROR);
}

/* The server offers again what was refused when the device describes itself again. */
void updater_step(struct system *system, uint32_t now)
{
    if (deferred && upgrade_permitted(now)) {
        deferred = false;
        session_want(&system->session, WANT_DESCRIBE);
    }
}

void updater_result_acknowledged(struct updater *updater, uint32_t now)
{
    (void)updater, (void)now;
}

void updater_event_acknowledged(struct updater *updater, uint32_t now)
{
    (void)updater, (void)now;
}

void updater_session_lost(struct system *system)
{
    system->updater.state = UPDATER_IDLE;
}

/* An upgrade is over, and the device restarted, before anybody could ask. */
bool updater_is_busy(const struct updater *updater)
{
    (void)updater;
    return false;
}

uint32_t updater_deadline(const struct updater *updater)
{
    return updater->reset_ms;
}

uint32_t updater_last_deadline(const struct updater *updater)
{
    return updater->reset_ms;
}

const char *updater_event(const struct updater *updater)
{
    (void)updater;
    return "fw-update=success";
}
