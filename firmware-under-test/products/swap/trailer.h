/* The trailer at the end of a slot, in MCUboot's published layout with BOOT_MAX_ALIGN 8 and words
 * as the unit of writing. From the end of the slot:
 *
 *     -16  magic       written last, so that it vouches for the rest
 *     -24  image ok    0x01: confirmed, or to be made permanent (slot 1)
 *     -32  copy done   0x01: the swap that this trailer belongs to has ended
 *     -40  swap info   type of that swap
 *     -48  swap size   bytes of the larger of the two images
 *     -48 - 128 * 3 * 4: swap status, one word for each step (swap.h)
 *
 * A torn write may read differently the next time; what the next step relies on is therefore
 * written again first, which makes it firm. */
#ifndef SWAP_TRAILER_H
#define SWAP_TRAILER_H

#include <stdint.h>

enum magic_state { MAGIC_UNSET, MAGIC_GOOD, MAGIC_BAD };
enum flag_state { FLAG_UNSET, FLAG_SET, FLAG_BAD };
enum swap_type { SWAP_NONE = 1, SWAP_TEST = 2, SWAP_PERMANENT = 3 };

struct trailer {
    enum magic_state magic;
    enum flag_state image_ok;
    enum flag_state copy_done;
    enum swap_type type; /* SWAP_NONE for anything that is no type */
    uint32_t size;
};

struct trailer trailer_read(uint32_t slot);
/* Its whole sector. */
void trailer_erase(uint32_t slot);
void trailer_write_magic(uint32_t slot);
void trailer_write_image_ok(uint32_t slot);
void trailer_write_copy_done(uint32_t slot);
void trailer_write_type(uint32_t slot, enum swap_type type);
void trailer_write_size(uint32_t slot, uint32_t size);

/* Steps of the swap that are done: the status words of slot 0 that are not erased, up to the first
 * that is. */
uint32_t trailer_steps(void);
void trailer_write_step(uint32_t step);

#endif
