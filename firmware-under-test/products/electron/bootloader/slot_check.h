/* Whether what a slot asks for may be done. */
#ifndef BOOTLOADER_SLOT_CHECK_H
#define BOOTLOADER_SLOT_CHECK_H

#include "core/module.h"
#include "core/slots.h"

/* MODULE_VALID: the source holds a sound module of this platform, and destination, length and
 * function of the slot are those of the module. MODULE_OUT_OF_RANGE when a field of the slot is
 * not, or when it would overwrite the bootloader. */
enum module_state slot_check(const struct slot *slot);

#endif
