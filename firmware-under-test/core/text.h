/* The little string handling that a firmware without libc needs. Appending never writes past the
 * capacity, always leaves a terminating zero, and drops what does not fit. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

struct text {
    char *at;          /* buffer of `capacity` bytes, always zero-terminated */
    uint32_t capacity; /* terminating zero included, at least 1 */
    uint32_t length;
};

/* An empty text in `buffer`. */
struct text text_in(char *buffer, uint32_t capacity);
void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const void *bytes, uint32_t count);
void text_add_number(struct text *text, uint32_t value);
/* 0x and eight lower-case digits. */
void text_add_hex(struct text *text, uint32_t value);

uint32_t text_length(const char *s);
bool text_equal(const char *a, const char *b);
bool text_starts_with(const char *s, const char *prefix);
/* First place of `part` in `s`, or NULL. */
const char *text_find(const char *s, const char *part);
/* Decimal number at *s; *s moves behind its digits. 0 when there is none. Wraps beyond 32 bits. */
uint32_t text_number(const char **s);

#endif
