/* What the trailers of both slots and the request of slot 1 (swap.h) come to. */
#ifndef SWAP_DECIDE_H
#define SWAP_DECIDE_H

#include "trailer.h"

enum decision {
    DECIDE_BOOT,   /* what is in slot 0 */
    DECIDE_START,  /* the swap that slot 1 asks for */
    DECIDE_RESUME, /* the swap that slot 0 says is under way */
    DECIDE_REVERT, /* the image in slot 0 was tried and did not confirm itself */
};

enum decision decide(const struct trailer *slot0, const struct trailer *slot1,
                     enum swap_type requested);

#endif
