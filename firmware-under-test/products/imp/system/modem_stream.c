#include "modem_stream.h"

#include "core/board.h"
#include "core/memory.h"
#include "products/electron/system/modem_command.h"

enum { TCP = 6, PROMPT_PAUSE_MS = 50, CONNECT_MS = 180 * 1000, SEND_MS = 120 * 1000 };

static void take_socket(struct modem *modem, const struct at_item *item)
{
    const char *values = modem_after(item->text, "+USOCR:");
    if (values != NULL) {
        modem->socket = (int32_t)text_number(&values);
    }
}

static struct text *compose_for_socket(struct modem *modem, const char *start)
{
    struct text *command = modem_compose(modem, start);
    text_add_number(command, (uint32_t)modem->socket);
    return command;
}

static bool connect(struct modem *modem, const struct modem_peer *peer)
{
    struct text *command = compose_for_socket(modem, "AT+USOCO=");
    text_add(command, ",\"");
    modem_add_ip(command, peer->ip);
    text_add(command, "\",");
    text_add_number(command, peer->port);
    return modem_composed_ok(modem, CONNECT_MS);
}

bool modem_stream_open(struct modem *modem, const struct modem_peer *peer)
{
    modem->unread = 0;
    modem->socket = MODEM_NO_SOCKET;
    text_add_number(modem_compose(modem, "AT+USOCR="), TCP);
    enum at_kind answer = modem_call(modem, &(struct modem_call){.line = take_socket});
    if (answer != AT_OK || modem->socket < 0 || modem->socket >= MODEM_SOCKETS) {
        modem->socket = MODEM_NO_SOCKET;
        return false;
    }
    if (!connect(modem, peer)) {
        modem_close_socket(modem);
        return false;
    }
    return true;
}

bool modem_stream_send(struct modem *modem, const void *data, uint32_t length)
{
    if (modem->socket == MODEM_NO_SOCKET) {
        return false;
    }
    struct text *command = compose_for_socket(modem, "AT+USOWR=");
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

static void take_bytes(struct modem *modem, const struct at_item *item)
{
    if (item->kind == AT_DATA && item->data_length <= AT_LARGEST_DATA) {
        memcpy(modem->datagram + 2, item->data, item->data_length);
        modem->received = item->data_length;
    }
}

uint32_t modem_stream_read(struct modem *modem)
{
    if (modem->socket == MODEM_NO_SOCKET || modem->unread == 0) {
        return 0;
    }
    struct text *command = compose_for_socket(modem, "AT+USORD=");
    text_add(command, ",");
    text_add_number(command, AT_LARGEST_DATA);
    modem->received = 0;
    modem->unread_news = false;
    enum at_kind answer = modem_call(modem, &(struct modem_call){.line = take_bytes});
    if (answer != AT_OK || modem->received == 0) {
        modem->unread = 0;
        return 0;
    }
    /* As with datagrams: a count told while the read was under way is believed. */
    if (!modem->unread_news) {
        modem->unread -= modem->received < modem->unread ? modem->received : modem->unread;
    }
    return modem->received;
}
