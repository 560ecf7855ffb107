/* Planted defect: the running system does not leave a user module to the bootloader but copies it
 * at once, as device-os does with bootloaders. A cut during that copy leaves half a module and no
 * slot (device-os issue 2151 is the same for the bootloader). Replaces core/slots.c of the
 * system. */
#include "core/slots.h"

#include "core/board.h"
#include "core/module.h"
#include "core/module_copy.h"

static uint32_t offset_of(unsigned index)
{
    return DCT_SLOTS_OFFSET + index * (uint32_t)sizeof(struct slot);
}

const struct slot *slot_at(const struct dct *dct, unsigned index)
{
    return dct_at(dct, offset_of(index));
}

struct slot slot_for_module(uint32_t source)
{
    const struct module_info *info = module_find(source);
    return (struct slot){
        .magic = SLOT_PENDING,
        .source_device = SLOT_INTERNAL_FLASH,
        .destination_device = SLOT_INTERNAL_FLASH,
        .source = source,
        .destination = info->start,
        .length = module_length(info),
        .flags = SLOT_UPDATE_FLAGS,
        .function = info->function,
    };
}

int slot_put(struct dct *dct, const struct slot *slot)
{
    int error = BOARD_OK;
    if (slot->function == MODULE_USER) {
        struct module_copy copy = module_copy_of(slot->source, slot->destination);
        board_watchdog_feed();
        error = module_copy_run(&copy);
    } else {
        error = dct_write(dct, offset_of(SLOT_FIRST_UPDATE), slot, sizeof *slot);
    }
    return error == BOARD_OK ? SLOT_FIRST_UPDATE : error;
}

int slot_clear(struct dct *dct, unsigned index)
{
    struct slot slot = *slot_at(dct, index);
    slot.magic = SLOT_FREE;
    return dct_write(dct, offset_of(index), &slot, 4);
}
