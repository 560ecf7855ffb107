#include "module.h"

#include <stddef.h>

#include "board.h"

enum { LONGEST_MODULE = 1024 * 1024 };

static bool known_function(uint8_t function)
{
    return function == MODULE_BOOTLOADER || function == MODULE_SYSTEM || function == MODULE_USER;
}

static bool plausible(const struct module_info *info)
{
    return info->start < info->end && info->end - info->start > sizeof *info &&
           info->end - info->start <= LONGEST_MODULE && known_function(info->function);
}

/* A file that starts with a vector table starts with a stack pointer, so with a RAM address. */
static bool starts_with_vectors(uint32_t first_word)
{
    return first_word >> 24 == 0x20;
}

const struct module_info *module_find(uint32_t address)
{
    const uint32_t *first = board_flash_at(address);
    const struct module_info *info =
        board_flash_at(starts_with_vectors(*first) ? address + MODULE_VECTORS : address);
    return plausible(info) ? info : NULL;
}

uint32_t module_length(const struct module_info *info)
{
    return info->end - info->start + MODULE_CRC;
}

const struct module_region *module_region(const struct module_map *map, uint8_t function,
                                          uint8_t index)
{
    for (uint32_t i = 0; i < map->count; ++i) {
        const struct module_region *region = &map->regions[i];
        if (region->function == function && region->index == index)
            return region;
    }
    return NULL;
}

static bool met(const struct module_dependency *needed, const struct module_map *map)
{
    if (needed->function == MODULE_NONE)
        return true;
    const struct module_region *region = module_region(map, needed->function, needed->index);
    if (region == NULL)
        return false;
    const struct module_info *installed = module_find(region->start);
    return installed != NULL && installed->function == needed->function &&
           installed->index == needed->index && installed->version >= needed->version;
}

bool module_dependencies_met(const struct module_info *info, const struct module_map *map,
                             struct module_dependency *unmet)
{
    for (int i = 0; i < MODULE_DEPENDENCIES; ++i) {
        if (met(&info->dependencies[i], map))
            continue;
        if (unmet != NULL)
            *unmet = info->dependencies[i];
        return false;
    }
    return true;
}

const char *module_state_name(enum module_state state)
{
    static const char *const names[] = {"ok", "header", "platform", "range", "crc"};
    return names[state];
}

const char *module_function_name(uint8_t function)
{
    switch (function) {
    case MODULE_BOOTLOADER:
        return "bootloader";
    case MODULE_SYSTEM:
        return "system";
    case MODULE_USER:
        return "user";
    default:
        return "none";
    }
}
