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
 * Code runs and data is read from a mirror of it in external RAM. After a reset the mirror is
 * empty; a sector comes into it when board_flash_at() is first asked for it, because reading all of
 * the NOR takes the emulated machine half a second, five times as long as what a boot needs of it.
 * Whatever changes the NOR changes the mirror, in this order. */
#ifndef EMCRAFT_SF2_MIRROR_H
#define EMCRAFT_SF2_MIRROR_H

#include <stdint.h>

#include "registers.h"

#define FLASH_START 0x08000000u
enum { FLASH_SIZE = 0x100000 };

/* Address of a sector by its number; that behind the last one is the end of the flash. */
extern const uint32_t mirror_sectors[];
enum { MIRROR_SECTORS = 12 };

/* Number of the sector that holds `address`, or BOARD_BAD_ADDRESS. */
int mirror_sector_of(uint32_t address);
/* Makes the contents of that sector readable, unless they are. */
void mirror_fill(int sector);
/* The caller has written all of it: it equals the NOR. */
void mirror_is_filled(int sector);

/* Where the byte at `address` of the flash is in the NOR. */
uint32_t mirror_nor_address(uint32_t address);

static inline uint8_t *mirror_at(uint32_t address)
{
    return (uint8_t *)(uintptr_t)(MIRROR_START + (address - FLASH_START));
}

#endif
