/* Planted defect: slot 1 is relieved of its request before slot 0 says that a swap is under way. A
 * loss of power between the two loses the update (the slot that Particle's device-os 0.7.0 frees
 * before the copy, in another family). Replaces products/swap/begin.c. */
#include "products/swap/image.h"
#include "products/swap/layout.h"
#include "products/swap/swap.h"

enum swap_type swap_requested(void)
{
    struct trailer slot1 = trailer_read(SLOT1_START);
    if (slot1.magic != MAGIC_GOOD)
        return SWAP_NONE;
    return slot1.image_ok == FLAG_SET ? SWAP_PERMANENT : SWAP_TEST;
}

void swap_prepare_revert(void)
{
    trailer_erase(SLOT1_START);
    trailer_write_image_ok(SLOT1_START);
    trailer_write_magic(SLOT1_START);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

uint32_t swap_begin(enum swap_type type)
{
    uint32_t size = larger(image_size(SLOT0_START), image_size(SLOT1_START));
    trailer_erase(SLOT1_START);
    trailer_erase(SLOT0_START);
    trailer_write_type(SLOT0_START, type);
    trailer_write_size(SLOT0_START, size);
    trailer_write_magic(SLOT0_START);
    return size;
}
