#include "slots.h"

#include "board.h"
#include "module.h"

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

static bool usable(const struct slot *taken, const struct slot *wanted)
{
    return taken->magic != SLOT_PENDING || taken->destination == wanted->destination;
}

int slot_put(struct dct *dct, const struct slot *slot)
{
    for (unsigned i = SLOT_FIRST_UPDATE; i < SLOT_COUNT; ++i) {
        if (!usable(slot_at(dct, i), slot))
            continue;
        int error = dct_write(dct, offset_of(i), slot, sizeof *slot);
        return error == BOARD_OK ? (int)i : error;
    }
    return BOARD_BAD_ADDRESS;
}

int slot_clear(struct dct *dct, unsigned index)
{
    struct slot slot = *slot_at(dct, index);
    slot.magic = SLOT_FREE;
    return dct_write(dct, offset_of(index), &slot, 4);
}
