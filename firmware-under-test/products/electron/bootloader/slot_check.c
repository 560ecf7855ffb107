#include "slot_check.h"

#include <stdbool.h>

#include "products/electron/layout.h"

/* Modules are stored in the scratch area or in the factory copy and nowhere else. */
static bool source_exists(const struct slot *slot)
{
    return slot->source == SCRATCH_START || slot->source == FACTORY_START;
}

static bool fields_agree(const struct slot *slot, const struct module_info *info)
{
    return slot->destination == info->start && slot->length == module_length(info) &&
           slot->function == info->function && info->function != MODULE_BOOTLOADER;
}

enum module_state slot_check(const struct slot *slot)
{
    if (!source_exists(slot))
        return MODULE_OUT_OF_RANGE;
    enum module_state state = module_validate(slot->source, &electron_modules);
    if (state != MODULE_VALID)
        return state;
    return fields_agree(slot, module_find(slot->source)) ? MODULE_VALID : MODULE_OUT_OF_RANGE;
}
