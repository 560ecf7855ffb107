#include "layout.h"

static const struct module_region regions[] = {
    {MODULE_BOOTLOADER, 0, BOOTLOADER_START, BOOTLOADER_SIZE},
    {MODULE_SYSTEM, 1, SYSTEM_START, SYSTEM_SIZE},
    {MODULE_USER, 1, USER_START, USER_SIZE},
};

const struct module_map electron_modules = {
    .platform = ELECTRON_PLATFORM,
    .count = sizeof regions / sizeof *regions,
    .regions = regions,
};
