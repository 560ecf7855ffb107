/* The product's flash: addresses and sectors of the STM32F205, contents in the serial NOR.
 *
 * Every sector of 16 KB has an erase block of its own there, larger sectors have as many as they
 * need:
 *
 *   flash                    NOR
 *   0x08000000   4 x 16 KB   0x000000, 0x010000, 0x020000, 0x030000: 16 KB used of 64
 *   0x08010000   64 KB       0x040000
 *   0x08020000   7 x 128 KB  0x050000 to 0x130000
 *
 * Code runs and data is read from a mirror of all of it in external RAM. The boot ROM fills it
 * after every reset; afterwards whatever changes the NOR changes the mirror, in this order. */
#ifndef EMCRAFT_SF2_MIRROR_H
#define EMCRAFT_SF2_MIRROR_H

#include <stdint.h>

#include "registers.h"

#define FLASH_START 0x08000000u
enum {
    FLASH_SIZE = 0x100000,
    FLASH_SMALL_SECTOR = 0x4000,
    FLASH_SMALL_SECTORS_END = 4 * FLASH_SMALL_SECTOR,
};

/* Where the byte at `offset` of the flash is in the NOR. */
static inline uint32_t mirror_nor_address(uint32_t offset)
{
    enum { BLOCK = 0x10000, GAINED = 4 * (BLOCK - FLASH_SMALL_SECTOR) };
    if (offset >= FLASH_SMALL_SECTORS_END)
        return offset + GAINED;
    return offset / FLASH_SMALL_SECTOR * BLOCK + offset % FLASH_SMALL_SECTOR;
}

static inline uint8_t *mirror_at(uint32_t offset)
{
    return (uint8_t *)(uintptr_t)(MIRROR_START + offset);
}

#endif
