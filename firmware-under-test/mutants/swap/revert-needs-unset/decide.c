/* Planted defect: a revert is begun only while slot 1 has no magic at all. A torn write of its last
 * word leaves one that is neither good nor erased: then no row of the table holds, and the image
 * that did not work stays (mcuboot issue 1966). Replaces products/swap/decide.c. */
#include "products/swap/decide.h"

#include <stdbool.h>

static bool wants_revert(const struct trailer *slot0, const struct trailer *slot1)
{
    return slot0->magic == MAGIC_GOOD && slot0->copy_done == FLAG_SET &&
           slot0->image_ok == FLAG_UNSET && slot1->magic == MAGIC_UNSET;
}

/* The type tells a swap under way from an image that was flashed with a trailer of its own. */
static bool under_way(const struct trailer *slot0)
{
    return slot0->magic == MAGIC_GOOD && slot0->copy_done != FLAG_SET && slot0->type != SWAP_NONE;
}

enum decision decide(const struct trailer *slot0, const struct trailer *slot1,
                     enum swap_type requested)
{
    if (under_way(slot0))
        return DECIDE_RESUME;
    if (requested != SWAP_NONE)
        return DECIDE_START;
    return wants_revert(slot0, slot1) ? DECIDE_REVERT : DECIDE_BOOT;
}
