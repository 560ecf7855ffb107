#include "crc32.h"

#include <stdbool.h>

/* Four tables, so that a whole word goes in one step: tables[k][b] is the effect of byte b with k
 * more bytes behind it. In RAM because flash is the slower memory. */
static uint32_t tables[4][256];
static bool ready;

static void build_tables(void)
{
    for (uint32_t b = 0; b < 256; ++b) {
        uint32_t state = b;
        for (int bit = 0; bit < 8; ++bit)
            state = (state >> 1) ^ (0xEDB88320u & (0u - (state & 1u)));
        tables[0][b] = state;
    }
    for (int k = 1; k < 4; ++k) {
        for (uint32_t b = 0; b < 256; ++b) {
            uint32_t before = tables[k - 1][b];
            tables[k][b] = (before >> 8) ^ tables[0][before & 0xFF];
        }
    }
    ready = true;
}

static uint32_t add_byte(uint32_t state, uint8_t byte)
{
    return (state >> 8) ^ tables[0][(state ^ byte) & 0xFF];
}

static uint32_t add_words(uint32_t state, const uint32_t *words, uint32_t count)
{
    for (; count > 0; --count) {
        state ^= *words++;
        state = tables[3][state & 0xFF] ^ tables[2][(state >> 8) & 0xFF] ^
                tables[1][(state >> 16) & 0xFF] ^ tables[0][state >> 24];
    }
    return state;
}

uint32_t crc32_update(uint32_t state, const void *data, uint32_t length)
{
    if (!ready)
        build_tables();
    const uint8_t *bytes = data;
    while (length > 0 && ((uintptr_t)bytes & 3u) != 0) {
        state = add_byte(state, *bytes++);
        --length;
    }
    state = add_words(state, (const uint32_t *)(const void *)bytes, length / 4);
    bytes += length & ~3u;
    for (length &= 3u; length > 0; --length)
        state = add_byte(state, *bytes++);
    return state;
}
