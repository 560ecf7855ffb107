/* Framing of what a u-blox modem sends: lines, final results, the data prompt, and the binary part
 * of +USORD and +USORF (u-blox AT commands manual; device-os v0.7.0 mdm_hal.cpp).
 *
 *     \r\n+CGMM text\r\n   \r\nOK\r\n   \r\nERROR\r\n   \r\n+CME ERROR: text\r\n   \r\nABORTED\r\n
 *     \r\n@   \r\n+USORD: 0,3,"<3 bytes>"\r\n   \r\n+USORF: 0,"10.0.0.1",5684,3,"<3 bytes>"\r\n
 *
 * Bytes are read straight into the parser's buffer, items point into it. Blank lines are skipped,
 * so the extra one of a G350 behind binary data does no harm. Neither a line nor binary data that
 * would not fit the buffer can stop it: such input is dropped and counted. Knows nothing of time:
 * who stops waiting for the rest of an item calls at_parser_reset(). */
#ifndef CORE_AT_PARSER_H
#define CORE_AT_PARSER_H

#include <stdbool.h>
#include <stdint.h>

enum {
    AT_BUFFER = 2048,
    AT_LARGEST_DATA = 1024, /* bytes that one read command may ask for */
};

enum at_kind {
    AT_NOTHING,
    AT_OK,
    AT_ERROR, /* "ERROR" or "+CME ERROR: text", which is in `text` */
    AT_ABORTED,
    AT_PROMPT,
    AT_LINE, /* any other text: an answer or an unsolicited result */
    AT_DATA, /* `text` up to the quote, `data` what stood between the quotes */
};

struct at_item {
    enum at_kind kind;
    const char *text; /* zero-terminated, without CR and LF */
    const uint8_t *data;
    uint32_t data_length;
};

struct at_parser {
    uint32_t begin;   /* first byte not yet taken */
    uint32_t end;     /* behind the last byte received */
    uint32_t scanned; /* no end of line before this */
    uint32_t wanted;  /* an item is not complete before `end` reaches this */
    uint32_t dropped; /* times the buffer was full without an item */
    uint8_t buffer[AT_BUFFER];
};

/* Forgets everything received. */
void at_parser_reset(struct at_parser *parser);

/* Where the next bytes go, at most *capacity (> 0). Ends the life of all items taken so far. */
uint8_t *at_parser_space(struct at_parser *parser, uint32_t *capacity);
/* `count` bytes were put there. */
void at_parser_filled(struct at_parser *parser, uint32_t count);

/* The next complete item, or false. */
bool at_parser_next(struct at_parser *parser, struct at_item *item);

#endif
