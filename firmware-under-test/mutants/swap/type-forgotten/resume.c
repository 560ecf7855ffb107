/* Planted defect: a swap that goes on is one on trial, whatever it was before. An interrupted
 * revert ends without the old image being confirmed: the next boot swaps the image back in that did
 * not work (mcuboot issue 480). Replaces products/swap/resume.c. */
#include "products/swap/swap.h"

void swap_resume(const struct trailer *slot0)
{
    swap_run(SWAP_TEST, slot0->size);
}
