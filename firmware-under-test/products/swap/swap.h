/* The swap of both slots through the scratch sector, sector by sector in three steps:
 *
 *     1  slot 1 -> scratch
 *     2  slot 0 -> slot 1, which then asks for nothing any more
 *     3  scratch -> slot 0
 *
 * Each step leaves its source alone and is done again from its beginning when it was cut; the
 * status word behind it says that it need not be. */
#ifndef SWAP_SWAP_H
#define SWAP_SWAP_H

#include "trailer.h"

/* The swap that slot 1 asks for. */
enum swap_type swap_requested(void);
/* Slot 1 asks for the image that was there before the update, for good. */
void swap_prepare_revert(void);
/* Puts the trailer of slot 0 in order for a swap of this type, which goes over so many bytes. Slot
 * 1 keeps asking until then. */
uint32_t swap_begin(enum swap_type type);
/* The swap that the trailer of slot 0 tells of. */
void swap_resume(const struct trailer *slot0);
/* From the step that the trailer of slot 0 says to the end. */
void swap_run(enum swap_type type, uint32_t size);
/* The last words of a swap. */
void swap_finish(enum swap_type type);

#endif
