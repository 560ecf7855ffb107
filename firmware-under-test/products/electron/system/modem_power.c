/* Power and identity of the modem. */
#include "core/board.h"
#include "core/console.h"
#include "core/memory.h"
#include "modem_command.h"
#include "modem_supply.h"

enum { PROBES = 10, SIM_TRIES = 5, SIM_PAUSE_MS = 500, BAUD_PAUSE_MS = 100, LATE_ANSWERS_MS = 200 };

void modem_init(struct modem *modem, void (*wait)(uint32_t deadline_ms))
{
    memset(modem, 0, sizeof *modem);
    modem->wait = wait;
    modem->socket = MODEM_NO_SOCKET;
    board_modem_init();
}

static bool probe(struct modem *modem)
{
    for (int i = 0; i < PROBES; i++) {
        modem_supply_wake(modem);
        modem_purge(modem);
        struct modem_call at = {.command = "AT", .timeout_ms = MODEM_PROBE_MS};
        if (modem_call(modem, &at) == AT_OK) {
            /* That may have been the answer to a command of an earlier run, with ours to come:
             * from then on every answer would be taken for the one before. */
            modem_pause(modem, LATE_ANSWERS_MS);
            modem_purge(modem);
            return true;
        }
    }
    return false;
}

static void take_sim(struct modem *modem, const struct at_item *item)
{
    modem->sim_ready = modem->sim_ready || text_starts_with(item->text, "+CPIN: READY");
}

static bool wait_for_sim(struct modem *modem)
{
    modem->sim_ready = false;
    for (int i = 0; i < SIM_TRIES; i++) {
        modem_call(modem, &(struct modem_call){.command = "AT+CPIN?", .line = take_sim});
        if (modem->sim_ready) {
            return true;
        }
        modem_pause(modem, SIM_PAUSE_MS);
    }
    return false;
}

bool modem_power_on(struct modem *modem)
{
    modem->registered = false;
    modem->attached = false;
    modem->socket = MODEM_NO_SOCKET;
    modem->unread = 0;
    if (!probe(modem)) {
        modem_supply_reset(modem);
        if (!probe(modem)) {
            return false;
        }
    }
    if (!modem_ok(modem, "AT E0") || !modem_ok(modem, "AT+CMEE=2") ||
        !modem_ok(modem, "AT+CMER=1,0,0,2,1") || !modem_ok(modem, "AT+IPR=115200")) {
        return false;
    }
    modem_pause(modem, BAUD_PAUSE_MS);
    return wait_for_sim(modem);
}

void modem_power_off(struct modem *modem)
{
    struct modem_call off = {.command = "AT+CPWROFF", .timeout_ms = MODEM_POWER_OFF_MS};
    modem_call(modem, &off);
    modem->registered = false;
    modem->attached = false;
    modem->socket = MODEM_NO_SOCKET;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void take_imei(struct modem *modem, const struct at_item *item)
{
    if (is_digit(item->text[0])) {
        modem_copy_digits(modem->imei, sizeof modem->imei, item->text);
    }
}

static void take_imsi(struct modem *modem, const struct at_item *item)
{
    if (is_digit(item->text[0])) {
        modem_copy_digits(modem->imsi, sizeof modem->imsi, item->text);
    }
}

static void take_iccid(struct modem *modem, const struct at_item *item)
{
    const char *value = modem_after(item->text, "+CCID:");
    if (value != NULL) {
        modem_copy_digits(modem->iccid, sizeof modem->iccid, value);
    }
}

static void take_model(struct modem *modem, const struct at_item *item)
{
    const char *value = modem_after(item->text, "+CGMM:");
    struct text model = text_in(modem->model, sizeof modem->model);
    text_add(&model, value != NULL ? value : item->text);
    bool is_r4 = text_find(modem->model, "R41") != NULL;
    modem->family = is_r4 ? MODEM_SARA_R4 : MODEM_SARA_U2;
}

bool modem_identify(struct modem *modem)
{
    static const struct modem_call calls[] = {
        {.command = "AT+CGSN", .line = take_imei},
        {.command = "AT+CGMM", .line = take_model},
        {.command = "AT+CCID", .line = take_iccid},
        {.command = "AT+CIMI", .line = take_imsi},
    };
    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (modem_call(modem, &calls[i]) != AT_OK) {
            return false;
        }
    }
    struct console_line line = console_line("modem");
    console_word(&line, "ready");
    console_text(&line, "model", modem->model);
    console_text(&line, "imsi", modem->imsi);
    console_send(&line);
    return true;
}
