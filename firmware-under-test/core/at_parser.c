#include "at_parser.h"

#include "memory.h"
#include "text.h"

/* Longest head of a binary answer: +USORF: 0,"255.255.255.255",65535,1024," */
enum { LONGEST_HEAD = 48 };

enum head { HEAD_NONE, HEAD_UNFINISHED, HEAD_FOUND };

void at_parser_reset(struct at_parser *parser)
{
    parser->begin = 0;
    parser->end = 0;
    parser->scanned = 0;
    parser->wanted = 0;
}

uint8_t *at_parser_space(struct at_parser *parser, uint32_t *capacity)
{
    uint32_t kept = parser->end - parser->begin;
    if (parser->begin > 0) {
        memmove(parser->buffer, parser->buffer + parser->begin, kept);
        parser->scanned -= parser->scanned < parser->begin ? parser->scanned : parser->begin;
        parser->wanted -= parser->wanted < parser->begin ? parser->wanted : parser->begin;
        parser->begin = 0;
        parser->end = kept;
    } else if (kept == AT_BUFFER) {
        parser->dropped++;
        at_parser_reset(parser);
    }
    *capacity = AT_BUFFER - parser->end;
    return parser->buffer + parser->end;
}

void at_parser_filled(struct at_parser *parser, uint32_t count)
{
    parser->end += count;
}

/* Takes everything up to `end` out of the buffer. */
static void consume(struct at_parser *parser, uint32_t end)
{
    parser->begin = end;
    parser->scanned = end;
    parser->wanted = 0;
}

static void skip_blank_lines(struct at_parser *parser)
{
    uint32_t at = parser->begin;
    while (at < parser->end && (parser->buffer[at] == '\r' || parser->buffer[at] == '\n')) {
        at++;
    }
    if (at != parser->begin) {
        consume(parser, at);
    }
}

/* Whether the bytes at hand begin with, or are the beginning of, a socket read answer. */
static enum head starts_like_data(const uint8_t *bytes, uint32_t count)
{
    static const char start[] = "+USOR";
    uint32_t same = count < sizeof start - 1 ? count : sizeof start - 1;
    if (memcmp(bytes, start, same) != 0) {
        return HEAD_NONE;
    }
    if (count <= sizeof start - 1) {
        return HEAD_UNFINISHED;
    }
    uint8_t kind = bytes[sizeof start - 1];
    return kind == 'D' || kind == 'F' ? HEAD_FOUND : HEAD_NONE;
}

/* The head ends behind the quote that opens the data: that of the first field in quotes for +USORD,
 * of the second for +USORF, whose first is the sender's address. */
static enum head find_head(const uint8_t *bytes, uint32_t count, uint32_t *length)
{
    enum head head = starts_like_data(bytes, count);
    if (head != HEAD_FOUND) {
        return head;
    }
    uint32_t openings = bytes[5] == 'F' ? 2 : 1;
    uint32_t limit = count < LONGEST_HEAD ? count : LONGEST_HEAD;
    for (uint32_t at = 7; at < limit; at++) {
        if (bytes[at] == '\n') {
            return HEAD_NONE;
        }
        if (bytes[at] == '"' && bytes[at - 1] == ',' && --openings == 0) {
            *length = at + 1;
            return HEAD_FOUND;
        }
    }
    return limit == LONGEST_HEAD ? HEAD_NONE : HEAD_UNFINISHED;
}

/* The number in front of the `,"` that ends a head. */
static uint32_t data_length(const uint8_t *bytes, uint32_t head)
{
    uint32_t first = head - 2;
    while (first > 0 && bytes[first - 1] >= '0' && bytes[first - 1] <= '9') {
        first--;
    }
    const char *digits = (const char *)bytes + first;
    return text_number(&digits);
}

static enum head take_data(struct at_parser *parser, struct at_item *item)
{
    uint8_t *bytes = parser->buffer + parser->begin;
    uint32_t head_length = 0;
    enum head head = find_head(bytes, parser->end - parser->begin, &head_length);
    if (head != HEAD_FOUND) {
        return head;
    }
    uint32_t length = data_length(bytes, head_length);
    if (length > AT_LARGEST_DATA) {
        return HEAD_NONE;
    }
    parser->wanted = parser->begin + head_length + length + 1;
    if (parser->end < parser->wanted) {
        return HEAD_UNFINISHED;
    }
    bytes[head_length - 1] = 0;
    *item = (struct at_item){
        .kind = AT_DATA,
        .text = (const char *)bytes,
        .data = bytes + head_length,
        .data_length = length,
    };
    consume(parser, parser->wanted);
    return HEAD_FOUND;
}

static enum at_kind kind_of_line(const char *text)
{
    if (text_equal(text, "OK")) {
        return AT_OK;
    }
    if (text_equal(text, "ERROR") || text_starts_with(text, "+CME ERROR:") ||
        text_starts_with(text, "+CMS ERROR:")) {
        return AT_ERROR;
    }
    return text_equal(text, "ABORTED") ? AT_ABORTED : AT_LINE;
}

static bool take_line(struct at_parser *parser, struct at_item *item)
{
    uint32_t at = parser->scanned;
    while (at < parser->end && parser->buffer[at] != '\n') {
        at++;
    }
    parser->scanned = at;
    if (at == parser->end) {
        return false;
    }
    uint32_t last = at;
    while (last > parser->begin && parser->buffer[last - 1] == '\r') {
        last--;
    }
    parser->buffer[last] = 0;
    const char *text = (const char *)parser->buffer + parser->begin;
    *item = (struct at_item){.kind = kind_of_line(text), .text = text};
    consume(parser, at + 1);
    return true;
}

bool at_parser_next(struct at_parser *parser, struct at_item *item)
{
    if (parser->end < parser->wanted) {
        return false;
    }
    skip_blank_lines(parser);
    if (parser->begin == parser->end) {
        return false;
    }
    if (parser->buffer[parser->begin] == '@') {
        *item = (struct at_item){.kind = AT_PROMPT, .text = "@"};
        consume(parser, parser->begin + 1);
        return true;
    }
    switch (take_data(parser, item)) {
    case HEAD_FOUND:
        return true;
    case HEAD_UNFINISHED:
        return false;
    case HEAD_NONE:
        break;
    }
    return take_line(parser, item);
}
