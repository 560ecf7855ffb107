/* What happens to an image that has arrived as a whole: it is verified, then put where the next
 * boot finds it (HAL_FLASH_End() of device-os v0.7.0). A user module whose dependencies are not met
 * is accepted: that is what safe mode is for. */
#ifndef ELECTRON_UPDATE_APPLY_H
#define ELECTRON_UPDATE_APPLY_H

#include "core/dct.h"
#include "core/update_receiver.h"

enum cloud_result update_apply(struct dct *dct, const struct update_receiver *receiver);
/* "user", "system", "bootloader" by the address a module runs at, "unknown" for any other. */
const char *update_module_name(uint32_t address);

#endif
