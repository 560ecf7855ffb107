#include "image.h"

#include <stddef.h>

#include "core/board.h"
#include "core/sha256.h"
#include "layout.h"

const struct image_header *image_header_of(uint32_t slot)
{
    const struct image_header *header = board_flash_at(slot);
    if (header->magic != IMAGE_MAGIC || header->header_size < sizeof *header)
        return NULL;
    uint32_t room = IMAGE_MAX - header->header_size - sizeof(struct image_tlv_info);
    return header->payload_size % 4 == 0 && header->payload_size <= room ? header : NULL;
}

static uint32_t hashed_size(const struct image_header *header)
{
    return header->header_size + header->payload_size;
}

/* NULL when the TLVs do not end within the image's sectors. */
static const struct image_tlv_info *tlvs_of(uint32_t slot, const struct image_header *header)
{
    const struct image_tlv_info *info = board_flash_at(slot + hashed_size(header));
    bool whole = info->magic == IMAGE_TLV_MAGIC && info->total >= sizeof *info &&
                 info->total <= IMAGE_MAX - hashed_size(header);
    return whole ? info : NULL;
}

uint32_t image_size(uint32_t slot)
{
    const struct image_header *header = image_header_of(slot);
    const struct image_tlv_info *info = header == NULL ? NULL : tlvs_of(slot, header);
    return info == NULL ? 0 : hashed_size(header) + info->total;
}

static const uint8_t *digest_in(const struct image_tlv_info *info)
{
    const uint8_t *at = (const uint8_t *)(info + 1);
    const uint8_t *end = (const uint8_t *)info + info->total;
    while (end - at >= (int)sizeof(struct image_tlv)) {
        const struct image_tlv *tlv = (const void *)at;
        at += sizeof *tlv;
        if (end - at < tlv->length)
            return NULL;
        if (tlv->type == IMAGE_TLV_SHA256 && tlv->length == SHA256_DIGEST)
            return at;
        at += tlv->length;
    }
    return NULL;
}

bool image_valid(uint32_t slot)
{
    const struct image_header *header = image_header_of(slot);
    const struct image_tlv_info *info = header == NULL ? NULL : tlvs_of(slot, header);
    const uint8_t *wanted = info == NULL ? NULL : digest_in(info);
    if (wanted == NULL)
        return false;
    struct sha256 hash;
    uint8_t digest[SHA256_DIGEST];
    sha256_begin(&hash);
    sha256_update(&hash, header, hashed_size(header));
    sha256_end(&hash, digest);
    return sha256_equal(digest, wanted);
}
