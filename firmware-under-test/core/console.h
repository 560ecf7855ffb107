/* Console lines `source key=value key=value`, CRLF at the end. A line is put together in memory and
 * leaves in one board_console_write(); it is cut at CONSOLE_LINE characters. Values must not
 * contain spaces.
 *
 *     struct console_line line = console_line("bootloader");
 *     console_number(&line, "retry", 1);
 *     console_send(&line);
 */
#ifndef CORE_CONSOLE_H
#define CORE_CONSOLE_H

#include <stdint.h>

enum { CONSOLE_LINE = 190 };

struct console_line {
    char characters[CONSOLE_LINE + 2]; /* not terminated */
    uint32_t length;
};

struct console_line console_line(const char *source);
/* A bare word: `update begin`. */
void console_word(struct console_line *line, const char *word);
void console_text(struct console_line *line, const char *key, const char *value);
void console_number(struct console_line *line, const char *key, uint32_t value);
/* 0x and eight digits. */
void console_hex(struct console_line *line, const char *key, uint32_t value);
void console_send(struct console_line *line);

#endif
