/* Packet-data context 1 of a SARA-R410 (device-os v2.3.1). AT+CGDCONT is kept in the modem, so an
 * APN that the user application once set is still there in safe mode, whatever lost power. It is
 * replaced only when somebody names another one: a default APN is nobody. */
#include <stddef.h>

#include "modem_command.h"
#include "modem_network.h"

/* +CGDCONT: 1,"IP","iot.example.net","0.0.0.0",0,0 */
static void take_context(struct modem *modem, const struct at_item *item)
{
    const char *values = modem_after(item->text, "+CGDCONT: 1,\"");
    const char *comma = values != NULL ? text_find(values, ",") : NULL;
    if (comma != NULL) {
        modem_copy_quoted(modem->apn, sizeof modem->apn, comma);
    }
}

static void take_address(struct modem *modem, const struct at_item *item)
{
    const char *values = modem_after(item->text, "+CGPADDR: 1,");
    if (values == NULL) {
        return;
    }
    char quoted[20];
    struct text text = text_in(quoted, sizeof quoted);
    if (values[0] == '"') {
        text_add(&text, values);
    } else {
        modem_add_quoted(&text, values);
    }
    modem->ip = modem_quoted_ip(quoted);
}

/* PAP, which every network with credentials takes. */
static bool write_credentials(struct modem *modem, const struct apn_choice *choice)
{
    if (choice->user == NULL || choice->user[0] == 0) {
        return true;
    }
    struct text *command = modem_compose(modem, "AT+UAUTHREQ=1,1,");
    modem_add_quoted(command, choice->user);
    text_add(command, ",");
    modem_add_quoted(command, choice->password != NULL ? choice->password : "");
    return modem_composed_ok(modem, MODEM_DEFAULT_MS);
}

static bool write_context(struct modem *modem, const struct apn_choice *choice)
{
    if (!modem_ok(modem, "AT+CFUN=4,0")) {
        return false;
    }
    modem_add_quoted(modem_compose(modem, "AT+CGDCONT=1,\"IP\","), choice->apn);
    bool written = modem_composed_ok(modem, MODEM_DEFAULT_MS) && write_credentials(modem, choice);
    return modem_ok(modem, "AT+CFUN=1,0") && written;
}

bool modem_set_context(struct modem *modem, const struct apn_choice *choice)
{
    modem->apn[0] = 0;
    struct modem_call ask = {.command = "AT+CGDCONT?", .line = take_context};
    if (modem_call(modem, &ask) != AT_OK) {
        return false;
    }
    bool is_default = text_equal(choice->source, "default") || text_equal(choice->source, "list");
    if (text_equal(modem->apn, choice->apn) || (is_default && modem->apn[0] != 0)) {
        modem_report_apn(modem->apn, "kept");
        return true;
    }
    modem_report_apn(choice->apn, choice->source);
    return write_context(modem, choice);
}

bool modem_take_context_address(struct modem *modem)
{
    struct modem_call ask = {.command = "AT+CGPADDR=1", .line = take_address};
    return modem_call(modem, &ask) == AT_OK && modem->ip != 0;
}
