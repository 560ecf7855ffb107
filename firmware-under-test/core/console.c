#include "console.h"

#include "board.h"
#include "text.h"

static void add(struct console_line *line, const char *more)
{
    while (*more != '\0' && line->length < CONSOLE_LINE)
        line->characters[line->length++] = *more++;
}

static void add_key(struct console_line *line, const char *key)
{
    add(line, " ");
    add(line, key);
    add(line, "=");
}

struct console_line console_line(const char *source)
{
    struct console_line line;
    line.length = 0;
    add(&line, source);
    return line;
}

void console_word(struct console_line *line, const char *word)
{
    add(line, " ");
    add(line, word);
}

void console_text(struct console_line *line, const char *key, const char *value)
{
    add_key(line, key);
    add(line, value);
}

void console_number(struct console_line *line, const char *key, uint32_t value)
{
    char digits[12];
    struct text text = text_in(digits, sizeof digits);
    text_add_number(&text, value);
    console_text(line, key, digits);
}

void console_hex(struct console_line *line, const char *key, uint32_t value)
{
    char digits[12];
    struct text text = text_in(digits, sizeof digits);
    text_add_hex(&text, value);
    console_text(line, key, digits);
}

void console_send(struct console_line *line)
{
    line->characters[line->length++] = '\r';
    line->characters[line->length++] = '\n';
    board_console_write(line->characters, line->length);
}
