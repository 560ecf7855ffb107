#include <stddef.h>

#include "core/board.h"
#include "core/memory.h"
#include "mirror.h"
#include "nor.h"

/* Of the STM32F205 (PM0059 table 2); the last entry is the end of the flash. */
static const uint32_t sectors[] = {
    0x08000000, 0x08004000, 0x08008000, 0x0800C000, 0x08010000, 0x08020000, 0x08040000,
    0x08060000, 0x08080000, 0x080A0000, 0x080C0000, 0x080E0000, 0x08100000,
};
enum { SECTORS = sizeof sectors / sizeof *sectors - 1 };

static int sector_of(uint32_t address)
{
    for (int i = SECTORS - 1; i >= 0; --i) {
        if (address >= sectors[i])
            return address < sectors[SECTORS] ? i : BOARD_BAD_ADDRESS;
    }
    return BOARD_BAD_ADDRESS;
}

uint32_t board_flash_sector_end(uint32_t address)
{
    int sector = sector_of(address);
    return sector < 0 ? 0 : sectors[sector + 1];
}

const void *board_flash_at(uint32_t address)
{
    return mirror_at(address - FLASH_START);
}

static uint32_t lesser(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

int board_flash_erase(uint32_t address)
{
    int sector = sector_of(address);
    if (sector < 0)
        return sector;
    uint32_t end = sectors[sector + 1] - FLASH_START;
    uint32_t at = sectors[sector] - FLASH_START;
    while (at < end) {
        uint32_t part = lesser(end - at, NOR_BLOCK);
        int error = nor_erase(mirror_nor_address(at));
        if (error != BOARD_OK)
            return error;
        memset(mirror_at(at), 0xFF, part);
        at += part;
    }
    return BOARD_OK;
}

/* What the NOR made of it counts: a bit that is 0 stays 0. */
static int program_page(uint32_t at, const uint8_t *data, uint32_t length)
{
    uint32_t nor = mirror_nor_address(at);
    int error = nor_program(nor, data, length);
    nor_read(nor, mirror_at(at), length);
    return error;
}

int board_flash_program(uint32_t address, const void *data, uint32_t length)
{
    if (sector_of(address) < 0 || (address | length | (uintptr_t)data) % 4 != 0 ||
        length > FLASH_START + FLASH_SIZE - address)
        return BOARD_BAD_ADDRESS;
    uint32_t at = address - FLASH_START;
    const uint8_t *from = data;
    while (length > 0) {
        uint32_t part = lesser(length, NOR_PAGE - at % NOR_PAGE);
        int error = program_page(at, from, part);
        if (error != BOARD_OK)
            return error;
        at += part;
        from += part;
        length -= part;
    }
    return BOARD_OK;
}
