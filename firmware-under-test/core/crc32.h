/* CRC-32 of modules and records: reflected 0xEDB88320, initial and final XOR 0xFFFFFFFF.
 *
 * Works a word at a time from tables built in RAM at the first call (4 KB): the images of a boot
 * are checked several times, and flash is read once per word and for nothing else. */
#ifndef CORE_CRC32_H
#define CORE_CRC32_H

#include <stdint.h>

/* What crc32_update() starts with and crc32_final() ends. */
#define CRC32_START 0xFFFFFFFFu

uint32_t crc32_update(uint32_t state, const void *data, uint32_t length);

static inline uint32_t crc32_final(uint32_t state)
{
    return ~state;
}

static inline uint32_t crc32(const void *data, uint32_t length)
{
    return crc32_final(crc32_update(CRC32_START, data, length));
}

#endif
