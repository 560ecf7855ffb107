/* Planted defect: a sector whose first words are blank is taken for erased. An interrupted erase
 * leaves old bits behind them, which the copy then cannot set; no retry ever repairs that.
 * Resembles every blank check that looks at a sample and trusts it. Replaces core/module_copy.c of
 * the bootloader. */
#include "core/module_copy.h"

#include "core/board.h"
#include "core/memory.h"
#include "core/module.h"

struct module_copy module_copy_of(uint32_t from, uint32_t to)
{
    return (struct module_copy){
        .from = from, .to = to, .length = (module_length(module_find(from)) + 3u) & ~3u};
}

static bool looks_erased(uint32_t address)
{
    const uint32_t *words = board_flash_at(address);
    return (words[0] & words[1] & words[2] & words[3]) == 0xFFFFFFFFu;
}

int flash_erase_range(uint32_t address, uint32_t length)
{
    uint32_t end = address + length;
    for (; address < end; address = board_flash_sector_end(address)) {
        int error = looks_erased(address) ? BOARD_OK : board_flash_erase(address);
        if (error != BOARD_OK)
            return error;
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
