/* Registration and attachment: where the APN is decided. */
#include "modem_network.h"

#include "core/board.h"
#include "core/console.h"
#include "modem_command.h"

enum { REGISTER_MS = 180 * 1000, REGISTER_POLL_MS = 15 * 1000 };

static bool ask_registration(struct modem *modem)
{
    modem->registered = false;
    if (modem->family == MODEM_SARA_R4) {
        return modem_ok(modem, "AT+CEREG?") && modem->registered;
    }
    return modem_ok(modem, "AT+CREG?") && modem_ok(modem, "AT+CGREG?") && modem->registered;
}

static void report_registration(struct modem *modem)
{
    if (modem->family == MODEM_SARA_R4) {
        modem_ok(modem, "AT+CEREG=2");
        return;
    }
    modem_ok(modem, "AT+CGREG=2");
    modem_ok(modem, "AT+CREG=2");
}

/* Until the modem says that it is registered, or it is time to ask again. */
static void wait_for_registration(struct modem *modem)
{
    uint32_t start = board_millis();
    modem->registered = false;
    while (!modem->registered && board_millis() - start < REGISTER_POLL_MS) {
        modem_poll(modem, start + REGISTER_POLL_MS);
    }
}

static bool register_within_limit(struct modem *modem)
{
    if (ask_registration(modem)) {
        return true;
    }
    report_registration(modem);
    uint32_t start = board_millis();
    while (board_millis() - start < REGISTER_MS && !modem_is_dead(modem)) {
        wait_for_registration(modem);
        if (ask_registration(modem)) {
            return true;
        }
    }
    return false;
}

bool modem_register(struct modem *modem, const struct apn_choice *choice)
{
    bool is_r4 = modem->family == MODEM_SARA_R4;
    if (is_r4 && !modem_set_context(modem, choice)) {
        return false;
    }
    if (!register_within_limit(modem)) {
        if (is_r4) {
            modem_report_refused(choice);
        }
        return false;
    }
    modem_ok(modem, "AT+COPS?");
    struct console_line line = console_line("modem");
    console_word(&line, "registered");
    console_send(&line);
    return true;
}

void modem_report_apn(const char *apn, const char *source)
{
    struct console_line line = console_line("modem");
    console_text(&line, "apn", apn);
    console_text(&line, "source", source);
    console_send(&line);
}

void modem_report_refused(const struct apn_choice *choice)
{
    struct console_line line = console_line("modem");
    console_word(&line, "refused");
    console_text(&line, "apn", choice->apn);
    console_send(&line);
}

static void report_attached(const struct modem *modem)
{
    char characters[16];
    struct text ip = text_in(characters, sizeof characters);
    modem_add_ip(&ip, modem->ip);
    struct console_line line = console_line("modem");
    console_word(&line, "attached");
    console_text(&line, "ip", characters);
    console_send(&line);
}

bool modem_attach(struct modem *modem, const struct apn_choice *choice)
{
    struct modem_call attach = {.command = "AT+CGATT=1", .timeout_ms = MODEM_ATTACH_MS};
    if (modem_call(modem, &attach) != AT_OK) {
        return false;
    }
    modem->ip = 0;
    modem->attached = modem->family == MODEM_SARA_R4 ? modem_take_context_address(modem)
                                                     : modem_join_profile(modem, choice);
    if (modem->attached) {
        report_attached(modem);
    }
    return modem->attached;
}
