/* UDP through the modem's socket commands. */
#include "core/board.h"
#include "core/memory.h"
#include "modem_command.h"

enum { UDP = 17, PROMPT_PAUSE_MS = 50, SEND_MS = 10 * 1000 };

void modem_close_sockets(struct modem *modem)
{
    for (uint32_t socket = 0; socket < MODEM_SOCKETS; socket++) {
        struct text *command = modem_compose(modem, "AT+USOCTL=");
        text_add_number(command, socket);
        text_add(command, ",1");
        if (modem_composed_ok(modem, MODEM_DEFAULT_MS)) {
            text_add_number(modem_compose(modem, "AT+USOCL="), socket);
            modem_composed_ok(modem, MODEM_DEFAULT_MS);
        }
        if (modem_is_dead(modem)) {
            return;
        }
    }
}

static void take_host(struct modem *modem, const struct at_item *item)
{
    const char *values = modem_after(item->text, "+UDNSRN:");
    if (values != NULL) {
        modem->ip = modem_quoted_ip(values);
    }
}

uint32_t modem_resolve(struct modem *modem, const char *host)
{
    modem_add_quoted(modem_compose(modem, "AT+UDNSRN=0,"), host);
    modem->ip = 0;
    struct modem_call resolve = {.timeout_ms = MODEM_DNS_MS, .line = take_host};
    return modem_call(modem, &resolve) == AT_OK ? modem->ip : 0;
}

static void take_socket(struct modem *modem, const struct at_item *item)
{
    const char *values = modem_after(item->text, "+USOCR:");
    if (values != NULL) {
        modem->socket = (int32_t)text_number(&values);
    }
}

bool modem_open_socket(struct modem *modem)
{
    modem->unread = 0;
    modem->socket = MODEM_NO_SOCKET;
    text_add_number(modem_compose(modem, "AT+USOCR="), UDP);
    enum at_kind answer = modem_call(modem, &(struct modem_call){.line = take_socket});
    if (answer != AT_OK || modem->socket < 0 || modem->socket >= MODEM_SOCKETS) {
        modem->socket = MODEM_NO_SOCKET;
    }
    return modem->socket != MODEM_NO_SOCKET;
}

void modem_close_socket(struct modem *modem)
{
    if (modem->socket != MODEM_NO_SOCKET && !modem_is_dead(modem)) {
        text_add_number(modem_compose(modem, "AT+USOCL="), (uint32_t)modem->socket);
        modem_composed_ok(modem, MODEM_DEFAULT_MS);
    }
    modem->socket = MODEM_NO_SOCKET;
    modem->unread = 0;
}

bool modem_send(struct modem *modem, const struct modem_peer *peer, const void *data,
                uint32_t length)
{
    if (modem->socket == MODEM_NO_SOCKET) {
        return false;
    }
    struct text *command = modem_compose(modem, "AT+USOST=");
    text_add_number(command, (uint32_t)modem->socket);
    text_add(command, ",\"");
    modem_add_ip(command, peer->ip);
    text_add(command, "\",");
    text_add_number(command, peer->port);
    text_add(command, ",");
    text_add_number(command, length);
    struct modem_call send = {.timeout_ms = SEND_MS};
    if (modem_call(modem, &send) != AT_PROMPT) {
        return false;
    }
    modem_pause(modem, PROMPT_PAUSE_MS);
    board_modem_write(data, length);
    return modem_final(modem, &send) == AT_OK;
}

static void take_datagram(struct modem *modem, const struct at_item *item)
{
    if (item->kind == AT_DATA && item->data_length <= AT_LARGEST_DATA) {
        memcpy(modem->datagram + 2, item->data, item->data_length);
        modem->received = item->data_length;
    }
}

uint32_t modem_receive(struct modem *modem)
{
    if (modem->socket == MODEM_NO_SOCKET || modem->unread == 0) {
        return 0;
    }
    struct text *command = modem_compose(modem, "AT+USORF=");
    text_add_number(command, (uint32_t)modem->socket);
    text_add(command, ",");
    text_add_number(command, AT_LARGEST_DATA);
    modem->received = 0;
    modem->unread_news = false;
    enum at_kind answer = modem_call(modem, &(struct modem_call){.line = take_datagram});
    if (answer != AT_OK || modem->received == 0) {
        modem->unread = 0;
        return 0;
    }
    /* A count told while the read was under way may or may not include what was read: believe it,
     * an empty read costs less than a datagram that nobody fetches. */
    if (!modem->unread_news) {
        modem->unread -= modem->received < modem->unread ? modem->received : modem->unread;
    }
    return modem->received;
}
