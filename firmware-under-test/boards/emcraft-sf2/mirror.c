#include "mirror.h"

#include "core/board.h"
#include "nor.h"
#include "retained.h"

/* Of the STM32F205 (PM0059 table 2). */
const uint32_t mirror_sectors[MIRROR_SECTORS + 1] = {
    0x08000000, 0x08004000, 0x08008000, 0x0800C000, 0x08010000, 0x08020000, 0x08040000,
    0x08060000, 0x08080000, 0x080A0000, 0x080C0000, 0x080E0000, 0x08100000,
};
enum { SMALL_SECTOR = 0x4000, SMALL_SECTORS_END = 4 * SMALL_SECTOR };
_Static_assert(MIRROR_SECTORS <= 32, "one bit each");

int mirror_sector_of(uint32_t address)
{
    for (int i = MIRROR_SECTORS - 1; i >= 0; --i) {
        if (address >= mirror_sectors[i])
            return address < mirror_sectors[MIRROR_SECTORS] ? i : BOARD_BAD_ADDRESS;
    }
    return BOARD_BAD_ADDRESS;
}

uint32_t mirror_nor_address(uint32_t address)
{
    uint32_t offset = address - FLASH_START;
    if (offset >= SMALL_SECTORS_END)
        return offset + 4 * (NOR_BLOCK - SMALL_SECTOR);
    return offset / SMALL_SECTOR * NOR_BLOCK + offset % SMALL_SECTOR;
}

void mirror_fill(int sector)
{
    if ((RETAINED->mirrored >> sector & 1) != 0)
        return;
    uint32_t start = mirror_sectors[sector];
    nor_read(mirror_nor_address(start), mirror_at(start), mirror_sectors[sector + 1] - start);
    mirror_is_filled(sector);
}

void mirror_is_filled(int sector)
{
    RETAINED->mirrored |= BIT(sector);
}
