#include "memory.h"

#include <stdint.h>

/* Words where both ends allow it: images and network buffers are aligned. Compiled without loop
 * recognition, which would turn these bodies into calls of themselves. */
static int aligned(const void *a, const void *b)
{
    return (((uintptr_t)a | (uintptr_t)b) & 3u) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    unsigned char *out = to;
    const unsigned char *in = from;
    if (aligned(to, from)) {
        for (; count >= 4; count -= 4, out += 4, in += 4)
            *(uint32_t *)(void *)out = *(const uint32_t *)(const void *)in;
    }
    while (count-- > 0)
        *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    unsigned char *out = to;
    const unsigned char *in = from;
    if (out <= in) {
        while (count-- > 0)
            *out++ = *in++;
    } else {
        while (count-- > 0)
            out[count] = in[count];
    }
    return to;
}

void *memset(void *to, int value, size_t count)
{
    unsigned char *out = to;
    uint32_t word = (unsigned char)value * 0x01010101u;
    if (aligned(to, to)) {
        for (; count >= 4; count -= 4, out += 4)
            *(uint32_t *)(void *)out = word;
    }
    while (count-- > 0)
        *out++ = (unsigned char)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t count)
{
    const unsigned char *x = a;
    const unsigned char *y = b;
    if (aligned(a, b)) {
        while (count >= 4 &&
               *(const uint32_t *)(const void *)x == *(const uint32_t *)(const void *)y)
            x += 4, y += 4, count -= 4;
    }
    for (; count > 0; --count, ++x, ++y) {
        if (*x != *y)
            return *x - *y;
    }
    return 0;
}
