#include "module_copy.h"

#include <stddef.h>

#include "board.h"
#include "memory.h"
#include "module.h"

struct module_copy module_copy_of(uint32_t from, uint32_t to)
{
    return (struct module_copy){
        .from = from, .to = to, .length = (module_length(module_find(from)) + 3u) & ~3u};
}

int flash_erase_range(uint32_t address, uint32_t length)
{
    uint32_t end = address + length;
    while (address < end) {
        int error = board_flash_erase(address);
        if (error != BOARD_OK)
            return error;
        address = board_flash_sector_end(address);
    }
    return BOARD_OK;
}

int module_copy_run(const struct module_copy *copy)
{
    int error = flash_erase_range(copy->to, copy->length);
    if (error != BOARD_OK)
        return error;
    const void *source = board_flash_at(copy->from);
    error = board_flash_program(copy->to, source, copy->length);
    if (error != BOARD_OK)
        return error;
    return memcmp(board_flash_at(copy->to), source, copy->length) == 0 ? BOARD_OK
                                                                       : BOARD_NOT_PROGRAMMED;
}
