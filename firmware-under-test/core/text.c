#include "text.h"

#include <stddef.h>

struct text text_in(char *buffer, uint32_t capacity)
{
    buffer[0] = '\0';
    return (struct text){.at = buffer, .capacity = capacity, .length = 0};
}

void text_add_bytes(struct text *text, const void *bytes, uint32_t count)
{
    const char *from = bytes;
    while (count-- > 0 && text->length + 1 < text->capacity)
        text->at[text->length++] = *from++;
    text->at[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
    text_add_bytes(text, more, text_length(more));
}

void text_add_number(struct text *text, uint32_t value)
{
    char digits[10];
    uint32_t count = 0;
    do {
        digits[sizeof digits - ++count] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    text_add_bytes(text, digits + sizeof digits - count, count);
}

void text_add_hex(struct text *text, uint32_t value)
{
    char digits[10] = {'0', 'x'};
    for (int i = 0; i < 8; ++i)
        digits[2 + i] = "0123456789abcdef"[(value >> (28 - 4 * i)) & 0xF];
    text_add_bytes(text, digits, sizeof digits);
}

uint32_t text_length(const char *s)
{
    uint32_t length = 0;
    while (s[length] != '\0')
        ++length;
    return length;
}

bool text_equal(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b)
        ++a, ++b;
    return *a == *b;
}

bool text_starts_with(const char *s, const char *prefix)
{
    while (*prefix != '\0') {
        if (*s++ != *prefix++)
            return false;
    }
    return true;
}

const char *text_find(const char *s, const char *part)
{
    for (;; ++s) {
        if (text_starts_with(s, part))
            return s;
        if (*s == '\0')
            return NULL;
    }
}

uint32_t text_number(const char **s)
{
    uint32_t value = 0;
    for (; **s >= '0' && **s <= '9'; ++*s)
        value = value * 10 + (uint32_t)(**s - '0');
    return value;
}
