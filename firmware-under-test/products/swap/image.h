/* An image in MCUboot's published format: header, payload, TLVs; all numbers little-endian. Of the
 * TLVs only the SHA-256 over header and payload is looked at. */
#ifndef SWAP_IMAGE_H
#define SWAP_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

enum { IMAGE_TLV_SHA256 = 0x10 };
#define IMAGE_MAGIC     0x96F3B83Du
#define IMAGE_TLV_MAGIC 0x6907u

struct image_header {
    uint32_t magic;
    uint32_t load_address;
    uint16_t header_size; /* the vector table follows */
    uint16_t protected_tlv_size;
    uint32_t payload_size;
    uint32_t flags;
    uint8_t major, minor;
    uint16_t revision;
    uint32_t build;
    uint32_t reserved;
};

struct image_tlv_info {
    uint16_t magic;
    uint16_t total; /* bytes, this struct included */
};

struct image_tlv {
    uint16_t type;
    uint16_t length;
};

/* The header at the start of a slot; NULL when there is none, or one that does not fit. */
const struct image_header *image_header_of(uint32_t slot);
/* Header, payload and TLVs; 0 without an image. */
uint32_t image_size(uint32_t slot);
/* The digest in the TLVs is that of header and payload. */
bool image_valid(uint32_t slot);

#endif
