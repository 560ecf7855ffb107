#include "core/board.h"
#include "core/memory.h"
#include "mirror.h"
#include "nor.h"

uint32_t board_flash_sector_end(uint32_t address)
{
    int sector = mirror_sector_of(address);
    return sector < 0 ? 0 : mirror_sectors[sector + 1];
}

const void *board_flash_at(uint32_t address)
{
    int sector = mirror_sector_of(address);
    if (sector >= 0)
        mirror_fill(sector);
    return mirror_at(address);
}

static uint32_t lesser(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

int board_flash_erase(uint32_t address)
{
    int sector = mirror_sector_of(address);
    if (sector < 0)
        return sector;
    uint32_t end = mirror_sectors[sector + 1];
    uint32_t at = mirror_sectors[sector];
    while (at < end) {
        uint32_t part = lesser(end - at, NOR_BLOCK);
        int error = nor_erase(mirror_nor_address(at));
        if (error != BOARD_OK)
            return error;
        memset(mirror_at(at), 0xFF, part);
        at += part;
    }
    mirror_is_filled(sector);
    return BOARD_OK;
}

/* What the NOR made of it counts: a bit that is 0 stays 0. */
static int program_page(uint32_t address, const uint8_t *data, uint32_t length)
{
    uint32_t nor = mirror_nor_address(address);
    int error = nor_program(nor, data, length);
    nor_read(nor, mirror_at(address), length);
    return error;
}

int board_flash_program(uint32_t address, const void *data, uint32_t length)
{
    if (mirror_sector_of(address) < 0 || (address | length | (uintptr_t)data) % 4 != 0 ||
        length > FLASH_START + FLASH_SIZE - address)
        return BOARD_BAD_ADDRESS;
    const uint8_t *from = data;
    while (length > 0) {
        uint32_t part = lesser(length, NOR_PAGE - address % NOR_PAGE);
        int error = program_page(address, from, part);
        if (error != BOARD_OK)
            return error;
        address += part;
        from += part;
        length -= part;
    }
    return BOARD_OK;
}
