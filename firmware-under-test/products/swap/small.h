/* layout.h with images of at most 4 KB, and so a swap of a thirtieth of the operations: for tests
 * that explore all of them. Included before any source, in place of layout.h. */
#ifndef SWAP_LAYOUT_H
#define SWAP_LAYOUT_H

#include <stdint.h>

#define SLOT0_START   0x08020000u
#define SLOT1_START   0x08060000u
#define SCRATCH_START 0x080A0000u

enum { SECTOR_SIZE = 0x1000, SLOT_SIZE = 0x40000, IMAGE_SECTORS = 1 };
enum { IMAGE_MAX = IMAGE_SECTORS * SECTOR_SIZE };

static inline uint32_t trailer_sector(uint32_t slot)
{
    return slot + SLOT_SIZE / 2;
}

#endif
