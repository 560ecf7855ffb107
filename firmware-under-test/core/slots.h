/* Slots of the DCT that name the modules to copy at the next boot (platform_flash_modules_t of
 * device-os v0.7.0, dct.h). Slot 0 is kept for the factory image; updates use 1 to 4. */
#ifndef CORE_SLOTS_H
#define CORE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "dct.h"

enum { SLOT_COUNT = 5, SLOT_FACTORY = 0, SLOT_FIRST_UPDATE = 1 };

enum slot_magic { SLOT_FREE = 0xFFFF, SLOT_PENDING = 0xABCD, SLOT_IS_FACTORY = 0x0FAC };

enum slot_device { SLOT_INTERNAL_FLASH = 1 };

enum slot_flags {
    SLOT_VERIFY_CRC = 1 << 0,
    SLOT_DESTINATION_IS_START = 1 << 1, /* `destination` must be the module's own start address */
    SLOT_VERIFY_FUNCTION = 1 << 2,      /* `function` must be that of the module */
    SLOT_UPDATE_FLAGS = SLOT_VERIFY_CRC | SLOT_DESTINATION_IS_START | SLOT_VERIFY_FUNCTION,
};

struct slot {
    uint16_t magic; /* enum slot_magic */
    uint8_t source_device;
    uint8_t destination_device;
    uint32_t source;
    uint32_t destination;
    uint32_t length; /* bytes, CRC included */
    uint8_t flags;
    uint8_t function;
    uint8_t reserved[2];
};
_Static_assert(sizeof(struct slot) == 20, "platform_flash_modules_t");

const struct slot *slot_at(const struct dct *dct, unsigned index);

/* The pending slot for the module stored at `source`, whose prefix must be valid. */
struct slot slot_for_module(uint32_t source);

/* Writes the first free slot from SLOT_FIRST_UPDATE on, or the one that names the same destination
 * already. The index, or a board_error; BOARD_BAD_ADDRESS when all are taken. */
int slot_put(struct dct *dct, const struct slot *slot);

/* Makes slot `index` free: one DCT record of a single word. 0 or a board_error. */
int slot_clear(struct dct *dct, unsigned index);

#endif
