/* Flash of the product: the Electron's (products/electron/layout.h) with one slot of 512 KB for the
 * operating system, from the user module's start to the end of the flash. There is no scratch area
 * and no second copy, so a new system is programmed over the old one; what runs meanwhile is the
 * system part below it, the "backup firmware" of the original. */
#include "layout.h"

static const struct module_region regions[] = {
    {MODULE_BOOTLOADER, 0, BOOTLOADER_START, BOOTLOADER_SIZE},
    {MODULE_SYSTEM, 1, SYSTEM_START, SYSTEM_SIZE},
    {MODULE_USER, 1, USER_START, IMP_OS_SIZE},
};

const struct module_map electron_modules = {
    .platform = IMP_PLATFORM,
    .count = sizeof regions / sizeof *regions,
    .regions = regions,
};
