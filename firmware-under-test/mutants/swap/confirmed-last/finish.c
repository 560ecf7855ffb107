/* Planted defect: the swap is said to have ended before its image is confirmed. Between the two
 * words an image that was swapped for good looks like one on trial, and is taken back (the order
 * that mcuboot pull request 485 had to keep). Replaces products/swap/finish.c. */
#include "products/swap/layout.h"
#include "products/swap/swap.h"

void swap_finish(enum swap_type type)
{
    trailer_write_copy_done(SLOT0_START);
    if (type == SWAP_PERMANENT)
        trailer_write_image_ok(SLOT0_START);
}
