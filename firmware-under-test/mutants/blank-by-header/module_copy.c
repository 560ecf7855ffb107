/* Planted defect: a sector whose first words are blank, or those of the new module already, is not
 * erased. An interrupted erase leaves old bits behind them, which the copy then cannot set; no
 * retry ever repairs that. Resembles every blank check that looks at a sample and trusts it.
 * Replaces core/module_copy.c of the bootloader. */
#include "core/module_copy.h"

#include "core/board.h"
#include "core/memory.h"
#include "core/module.h"

struct module_copy module_copy_of(uint32_t from, uint32_t to)
{
    return (struct module_copy){
        .from = from, .to = to, .length = (module_length(module_find(from)) + 3u) & ~3u};
}

int flash_erase_range(uint32_t address, uint32_t length)
{
    uint32_t end = address + length;
    for (; address < end; address = board_flash_sector_end(address)) {
        int error = board_flash_erase(address);
        if (error != BOARD_OK)
            return error;
    }
    return BOARD_OK;
}

/* Whether the destination could become the source without an erase, judged by its first words. */
static bool can_be_programmed_over(const struct module_copy *copy)
{
    const uint32_t *there = board_flash_at(copy->to);
    const uint32_t *wanted = board_flash_at(copy->from);
    for (int i = 0; i < 4; ++i) {
        if ((there[i] & wanted[i]) != wanted[i])
            return false;
    }
    return true;
}

int module_copy_run(const struct module_copy *copy)
{
    int error = can_be_programmed_over(copy) ? BOARD_OK : flash_erase_range(copy->to, copy->length);
    if (error != BOARD_OK)
        return error;
    const void *source = board_flash_at(copy->from);
    error = board_flash_program(copy->to, source, copy->length);
    if (error != BOARD_OK)
        return error;
    return memcmp(board_flash_at(copy->to), source, copy->length) == 0 ? BOARD_OK
                                                                       : BOARD_NOT_PROGRAMMED;
}
