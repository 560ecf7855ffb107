#include "modem_command.h"

#include "core/board.h"
#include "core/memory.h"

static bool is_over(uint32_t deadline_ms)
{
    return (int32_t)(board_millis() - deadline_ms) >= 0;
}

/* +CREG: <stat>[,"lac",...] on its own, +CREG: <n>,<stat>[,"lac",...] when asked for. */
static void note_registration(struct modem *modem, const char *values)
{
    uint32_t status = text_number(&values);
    if (values[0] == ',' && values[1] >= '0' && values[1] <= '9') {
        values++;
        status = text_number(&values);
    }
    if (status == 1 || status == 5) {
        modem->registered = true;
    }
}

static bool take_registration(struct modem *modem, const char *line)
{
    static const char *const starts[] = {"+CREG:", "+CGREG:", "+CEREG:"};
    for (unsigned i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        const char *values = modem_after(line, starts[i]);
        if (values != NULL) {
            note_registration(modem, values);
            return true;
        }
    }
    return false;
}

static bool is_our_socket(const struct modem *modem, const char **values)
{
    return (int32_t)text_number(values) == modem->socket;
}

static void take_unread(struct modem *modem, const char *values)
{
    if (is_our_socket(modem, &values) && *values == ',') {
        values++;
        modem->unread = text_number(&values);
        modem->unread_news = true;
    }
}

/* Results that nobody asked for. Registration is noted here too, whether asked for or not. */
static bool take_unsolicited(struct modem *modem, const char *line)
{
    const char *values = modem_after(line, "+UUSORF:");
    if (values == NULL) {
        values = modem_after(line, "+UUSORD:");
    }
    if (values != NULL) {
        take_unread(modem, values);
        return true;
    }
    values = modem_after(line, "+UUSOCL:");
    if (values != NULL) {
        if (is_our_socket(modem, &values)) {
            modem->socket = MODEM_NO_SOCKET;
        }
        return true;
    }
    if (text_starts_with(line, "+UUPSDD:")) {
        modem->attached = false;
        modem->profile_active = false;
        return true;
    }
    return take_registration(modem, line) || text_starts_with(line, "+CIEV:") ||
           text_starts_with(line, "+CMTI:");
}

static bool next_item(struct modem *modem, struct at_item *item)
{
    for (;;) {
        while (at_parser_next(&modem->parser, item)) {
            if (item->kind != AT_LINE || !take_unsolicited(modem, item->text)) {
                return true;
            }
        }
        uint32_t capacity;
        uint8_t *to = at_parser_space(&modem->parser, &capacity);
        uint32_t count = board_modem_read(to, capacity);
        if (count == 0) {
            return false;
        }
        at_parser_filled(&modem->parser, count);
    }
}

/* Unsolicited results are noted, the rest is dropped. */
static void take_what_came(struct modem *modem)
{
    struct at_item item;
    while (next_item(modem, &item)) {
    }
}

void modem_purge(struct modem *modem)
{
    take_what_came(modem);
    at_parser_reset(&modem->parser);
}

enum at_kind modem_final(struct modem *modem, const struct modem_call *call)
{
    uint32_t limit = call->timeout_ms != 0 ? call->timeout_ms : MODEM_DEFAULT_MS;
    uint32_t deadline = board_millis() + limit;
    for (;;) {
        struct at_item item;
        while (next_item(modem, &item)) {
            if (item.kind != AT_LINE && item.kind != AT_DATA) {
                modem->timeouts = 0;
                return item.kind;
            }
            if (call->line != NULL) {
                call->line(modem, &item);
            }
        }
        if (is_over(deadline)) {
            modem_purge(modem);
            modem->timeouts++;
            return AT_NOTHING;
        }
        modem->wait(deadline);
    }
}

enum at_kind modem_call(struct modem *modem, const struct modem_call *call)
{
    if (call->command != NULL) {
        modem_compose(modem, call->command);
    }
    /* CR alone ends a command line (V.250, S3); a LF behind it would be the first byte of the data
     * that a prompt asks for. */
    text_add(&modem->command, "\r");
    board_modem_write(modem->command.at, modem->command.length);
    return modem_final(modem, call);
}

bool modem_ok(struct modem *modem, const char *command)
{
    return modem_call(modem, &(struct modem_call){.command = command}) == AT_OK;
}

struct text *modem_compose(struct modem *modem, const char *start)
{
    modem->command = text_in(modem->command_characters, sizeof modem->command_characters);
    text_add(&modem->command, start);
    return &modem->command;
}

void modem_add_quoted(struct text *command, const char *value)
{
    text_add(command, "\"");
    text_add(command, value);
    text_add(command, "\"");
}

void modem_add_ip(struct text *command, uint32_t ip)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        text_add_number(command, ip >> shift & 0xFF);
        if (shift > 0) {
            text_add(command, ".");
        }
    }
}

bool modem_composed_ok(struct modem *modem, uint32_t timeout_ms)
{
    return modem_call(modem, &(struct modem_call){.timeout_ms = timeout_ms}) == AT_OK;
}

void modem_pause(struct modem *modem, uint32_t milliseconds)
{
    uint32_t deadline = board_millis() + milliseconds;
    while (!is_over(deadline)) {
        take_what_came(modem);
        modem->wait(deadline);
    }
}

void modem_poll(struct modem *modem, uint32_t deadline_ms)
{
    take_what_came(modem);
    if (modem->unread == 0 && !is_over(deadline_ms)) {
        modem->wait(deadline_ms);
        take_what_came(modem);
    }
}

bool modem_is_dead(const struct modem *modem)
{
    return modem->timeouts >= 2;
}

const char *modem_after(const char *line, const char *start)
{
    if (!text_starts_with(line, start)) {
        return NULL;
    }
    line += text_length(start);
    while (*line == ' ') {
        line++;
    }
    return line;
}

void modem_copy_digits(char *to, uint32_t capacity, const char *from)
{
    struct text text = text_in(to, capacity);
    while (*from != 0 && (*from < '0' || *from > '9')) {
        from++;
    }
    const char *end = from;
    while (*end >= '0' && *end <= '9') {
        end++;
    }
    text_add_bytes(&text, from, (uint32_t)(end - from));
}

void modem_copy_quoted(char *to, uint32_t capacity, const char *from)
{
    struct text text = text_in(to, capacity);
    const char *first = text_find(from, "\"");
    const char *last = first != NULL ? text_find(first + 1, "\"") : NULL;
    if (last != NULL) {
        text_add_bytes(&text, first + 1, (uint32_t)(last - first - 1));
    }
}

uint32_t modem_quoted_ip(const char *from)
{
    const char *at = text_find(from, "\"");
    uint32_t ip = 0;
    for (int part = 0; at != NULL && part < 4; part++) {
        at++;
        ip = ip << 8 | (text_number(&at) & 0xFF);
        if (*at != (part < 3 ? '.' : '"')) {
            return 0;
        }
    }
    return ip;
}
