/* Verification block by block: the first pass keeps a mark of every block of the image that it
 * found authentic as a whole, and the second programs no block that is not the marked one. A block
 * that was damaged on the way costs itself, fetched again with Range, and not the image; and an
 * image that changed between the passes is noticed before its first block is in flash.
 *
 * A mark is the first bytes of the block's SHA-256. In the second pass a block is kept in RAM until
 * it is whole, so `position` of the image moves by whole blocks. */
#ifndef IMP_UPGRADE_BLOCKS_H
#define IMP_UPGRADE_BLOCKS_H

#include "products/imp/layout.h"
#include "upgrade_image.h"

enum {
    UPGRADE_BLOCK = 4096,
    UPGRADE_BLOCKS = (IMP_OS_SIZE + UPGRADE_TAG + UPGRADE_BLOCK - 1) / UPGRADE_BLOCK,
    UPGRADE_MARK = 8,
    UPGRADE_REPEATS = 3, /* of one block; then it is another image */
};

struct upgrade_blocks {
    struct sha256 hash; /* of the block under way */
    uint32_t filled;    /* bytes of it */
    unsigned repeats;   /* of it, so far */
    uint8_t marks[UPGRADE_BLOCKS][UPGRADE_MARK];
    uint8_t block[UPGRADE_BLOCK];
};

/* Before a pass. */
void upgrade_blocks_begin(struct upgrade_blocks *blocks);
/* Before its next connection: what is kept of a block that is not whole is no
 * longer there in the second pass, and goes on in the first. */
void upgrade_blocks_resume(struct upgrade_blocks *blocks, const struct upgrade_image *image);
/* In place of upgrade_image_take. UPGRADE_BAD_BLOCK: from `position` on is to be fetched again. */
enum upgrade_fate upgrade_blocks_take(struct upgrade_blocks *blocks, struct upgrade_image *image,
                                      const uint8_t *data, uint32_t length);
/* After UPGRADE_BAD_BLOCK: once more may help. */
bool upgrade_blocks_may_repeat(const struct upgrade_blocks *blocks);

#endif
