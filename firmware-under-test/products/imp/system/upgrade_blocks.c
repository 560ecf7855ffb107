#include "upgrade_blocks.h"

#include "core/memory.h"

void upgrade_blocks_begin(struct upgrade_blocks *blocks)
{
    blocks->filled = 0;
    blocks->repeats = 0;
}

void upgrade_blocks_resume(struct upgrade_blocks *blocks, const struct upgrade_image *image)
{
    if (image->use != UPGRADE_VERIFY || image->position == 0) {
        blocks->filled = 0;
    }
}

bool upgrade_blocks_may_repeat(const struct upgrade_blocks *blocks)
{
    return blocks->repeats <= UPGRADE_REPEATS;
}

static uint8_t *end_block(struct upgrade_blocks *blocks, uint32_t start,
                          uint8_t digest[SHA256_DIGEST])
{
    sha256_end(&blocks->hash, digest);
    blocks->filled = 0;
    return blocks->marks[start / UPGRADE_BLOCK];
}

static enum upgrade_fate check_block(struct upgrade_blocks *blocks, struct upgrade_image *image)
{
    uint32_t length = blocks->filled;
    uint8_t digest[SHA256_DIGEST];
    if (memcmp(end_block(blocks, image->position, digest), digest, UPGRADE_MARK) != 0) {
        blocks->repeats++;
        return UPGRADE_BAD_BLOCK;
    }
    blocks->repeats = 0;
    return upgrade_image_take(image, blocks->block, length);
}

/* `part` bytes, which do not go beyond the block. */
static enum upgrade_fate take_part(struct upgrade_blocks *blocks, struct upgrade_image *image,
                                   const uint8_t *data, uint32_t part)
{
    bool verifies = image->use == UPGRADE_VERIFY;
    uint32_t held = verifies ? 0 : blocks->filled;
    if (blocks->filled == 0) {
        sha256_begin(&blocks->hash);
    }
    sha256_update(&blocks->hash, data, part);
    memcpy(blocks->block + blocks->filled, data, part);
    blocks->filled += part;
    enum upgrade_fate fate = verifies ? upgrade_image_take(image, data, part) : UPGRADE_MORE;
    bool last = image->position + (verifies ? 0 : held + part) == image->total;
    if (blocks->filled < UPGRADE_BLOCK && !last) {
        return fate;
    }
    if (!verifies) {
        return check_block(blocks, image);
    }
    uint8_t digest[SHA256_DIGEST];
    uint8_t *mark = end_block(blocks, image->position - 1, digest);
    memcpy(mark, digest, UPGRADE_MARK);
    return fate;
}

enum upgrade_fate upgrade_blocks_take(struct upgrade_blocks *blocks, struct upgrade_image *image,
                                      const uint8_t *data, uint32_t length)
{
    uint32_t held = image->use == UPGRADE_VERIFY ? 0 : blocks->filled;
    if (length > image->total - image->position - held) {
        return UPGRADE_TOO_LONG;
    }
    enum upgrade_fate fate = UPGRADE_MORE;
    while (length > 0 && fate == UPGRADE_MORE) {
        uint32_t room = UPGRADE_BLOCK - blocks->filled;
        uint32_t part = length < room ? length : room;
        fate = take_part(blocks, image, data, part);
        data += part;
        length -= part;
    }
    return fate;
}
