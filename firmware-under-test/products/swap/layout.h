/* Flash of the product "swap" (STM32F205): bootloader in the first 16 KB sector, two slots of two
 * 128 KB sectors, one 128 KB scratch sector. An image lies in the first sector of its slot; the
 * second one holds nothing but the trailer, so that it can be erased for itself. */
#ifndef SWAP_LAYOUT_H
#define SWAP_LAYOUT_H

#include <stdint.h>

#define SLOT0_START   0x08020000u /* runs */
#define SLOT1_START   0x08060000u /* where an update waits, and the old image after it */
#define SCRATCH_START 0x080A0000u

enum { SECTOR_SIZE = 0x20000, SLOT_SIZE = 2 * SECTOR_SIZE, IMAGE_SECTORS = 1 };
enum { IMAGE_MAX = IMAGE_SECTORS * SECTOR_SIZE };

static inline uint32_t trailer_sector(uint32_t slot)
{
    return slot + IMAGE_MAX;
}

#endif
