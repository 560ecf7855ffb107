#include "layout.h"
#include "swap.h"

/* In this order: an image that was swapped for good must never be seen as one on trial. */
void swap_finish(enum swap_type type)
{
    if (type == SWAP_PERMANENT)
        trailer_write_image_ok(SLOT0_START);
    trailer_write_copy_done(SLOT0_START);
}
