/* Planted defect: the size of the swap is known in RAM and never written. An interrupted swap finds
 * an erased word in its place, and gives up for ever (mcuboot issue 829, zephyr issue 28933).
 * Replaces products/swap/begin.c. */
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
    /* Firm, before what slot 0 knows is erased (trailer.h). */
    if (type == SWAP_PERMANENT)
        trailer_write_image_ok(SLOT1_START);
    trailer_write_magic(SLOT1_START);
    trailer_erase(SLOT0_START);
    trailer_write_type(SLOT0_START, type);
    trailer_write_magic(SLOT0_START);
    return size;
}
