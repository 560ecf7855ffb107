#include <stddef.h>

#include "board.h"
#include "crc32.h"
#include "module.h"

enum module_state module_validate_header(uint32_t address, const struct module_map *map)
{
    const struct module_info *info = module_find(address);
    if (info == NULL)
        return MODULE_NO_HEADER;
    if (info->platform != map->platform)
        return MODULE_WRONG_PLATFORM;
    const struct module_region *region = module_region(map, info->function, info->index);
    if (region == NULL || info->start != region->start || module_length(info) > region->capacity)
        return MODULE_OUT_OF_RANGE;
    return MODULE_VALID;
}

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

enum module_state module_validate(uint32_t address, const struct module_map *map)
{
    enum module_state state = module_validate_header(address, map);
    if (state != MODULE_VALID)
        return state;
    const struct module_info *info = module_find(address);
    uint32_t covered = info->end - info->start;
    const uint8_t *image = board_flash_at(address);
    return crc32(image, covered) == big_endian(image + covered) ? MODULE_VALID : MODULE_BAD_CRC;
}
