/* Packet-data profile 0 of a SARA-U2, as MDMParser::join() of device-os v0.7.0. */
#include "modem_command.h"

#include "modem_network.h"
#include <stddef.h>

enum profile_parameter { PROFILE_APN = 1, PROFILE_USER = 2, PROFILE_PASSWORD = 3 };

enum { AUTHENTICATIONS = 3 }; /* none, PAP, CHAP: all are tried */

/* +UPSND: 0,8,1 | +UPSND: 0,0,"10.0.0.2" */
static void take_profile_status(struct modem *modem, const struct at_item *item)
{
    const char *values = modem_after(item->text, "+UPSND:");
    if (values == NULL) {
        return;
    }
    if (text_starts_with(values, "0,8,")) {
        modem->profile_active = values[4] == '1';
    } else if (text_starts_with(values, "0,0,")) {
        modem->ip = modem_quoted_ip(values);
    }
}

static void take_profile_apn(struct modem *modem, const struct at_item *item)
{
    if (text_starts_with(item->text, "+UPSD: 0,1,")) {
        modem_copy_quoted(modem->apn, sizeof modem->apn, item->text);
    }
}

static bool ask_profile(struct modem *modem, const char *command)
{
    struct modem_call ask = {.command = command, .line = take_profile_status};
    return modem_call(modem, &ask) == AT_OK;
}

static void report_kept(struct modem *modem)
{
    modem->apn[0] = 0;
    modem_call(modem, &(struct modem_call){.command = "AT+UPSD=0,1", .line = take_profile_apn});
    modem_report_apn(modem->apn[0] != 0 ? modem->apn : "kept", "kept");
}

static bool set_parameter(struct modem *modem, enum profile_parameter parameter, const char *value)
{
    if (value == NULL || value[0] == 0) {
        return true;
    }
    struct text *command = modem_compose(modem, "AT+UPSD=0,");
    text_add_number(command, parameter);
    text_add(command, ",");
    modem_add_quoted(command, value);
    return modem_composed_ok(modem, MODEM_PROFILE_MS);
}

static bool activate(struct modem *modem)
{
    for (uint32_t authentication = 0; authentication < AUTHENTICATIONS; authentication++) {
        text_add_number(modem_compose(modem, "AT+UPSD=0,6,"), authentication);
        if (!modem_composed_ok(modem, MODEM_PROFILE_MS)) {
            return false;
        }
        modem_compose(modem, "AT+UPSDA=0,3");
        if (modem_composed_ok(modem, MODEM_ACTIVATE_MS)) {
            return true;
        }
    }
    return false;
}

static bool set_up(struct modem *modem, const struct apn_choice *choice)
{
    modem_report_apn(choice->apn, choice->source);
    modem_compose(modem, "AT+UPSD=0,7,\"0.0.0.0\"");
    if (!modem_composed_ok(modem, MODEM_PROFILE_MS) ||
        !set_parameter(modem, PROFILE_APN, choice->apn) ||
        !set_parameter(modem, PROFILE_USER, choice->user) ||
        !set_parameter(modem, PROFILE_PASSWORD, choice->password)) {
        return false;
    }
    if (!activate(modem)) {
        modem_report_refused(choice);
        return false;
    }
    return true;
}

bool modem_join_profile(struct modem *modem, const struct apn_choice *choice)
{
    modem->profile_active = false;
    if (!ask_profile(modem, "AT+UPSND=0,8")) {
        return false;
    }
    if (modem->profile_active) {
        report_kept(modem);
    } else if (!set_up(modem, choice)) {
        return false;
    }
    return ask_profile(modem, "AT+UPSND=0,0") && modem->ip != 0;
}
