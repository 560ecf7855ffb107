/* Planted defect: an update clears the stored credentials, because the new application "will set
 * its own". It does not, when it has to wait for a newer system in safe mode: "that reset seems to
 * have also wiped the SIM credentials", says the second field report. Replaces core/slots.c of the
 * system; the product keeps its APN in the DCT. */
#include "core/slots.h"

#include "core/board.h"
#include "core/module.h"

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

static int clear_credentials(struct dct *dct)
{
    uint32_t blank = 0xFFFFFFFFu;
    return dct_write(dct, DCT_APN_OFFSET, &blank, sizeof blank);
}

int slot_put(struct dct *dct, const struct slot *slot)
{
    int error = clear_credentials(dct);
    if (error == BOARD_OK)
        error = dct_write(dct, offset_of(SLOT_FIRST_UPDATE), slot, sizeof *slot);
    return error == BOARD_OK ? SLOT_FIRST_UPDATE : error;
}

int slot_clear(struct dct *dct, unsigned index)
{
    struct slot slot = *slot_at(dct, index);
    slot.magic = SLOT_FREE;
    return dct_write(dct, offset_of(index), &slot, 4);
}
