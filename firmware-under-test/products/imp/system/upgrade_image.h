/* An image that comes as a stream, larger than RAM: checked while it passes by, and either dropped
 * or programmed over the installed one.
 *
 *   module in Particle's layout (core/module.h), its CRC-32 at its end
 *   HMAC-SHA256 of the module, 32 bytes
 *
 * Why HMAC-SHA256 and not the AES-GCM of the original: nothing here is secret, one function gives
 * hash and authentication in a kilobyte of code without tables of AES, and its state is small
 * enough to be kept while a transfer is resumed.
 *
 * The first word of the module goes into flash last, after the tag has been found right: until then
 * no boot takes what is there for a module. So a second stream that differs from the first is never
 * run, whoever sent it. */
#ifndef IMP_UPGRADE_IMAGE_H
#define IMP_UPGRADE_IMAGE_H

#include "core/sha256.h"

enum upgrade_use { UPGRADE_VERIFY, UPGRADE_PROGRAM };

enum upgrade_fate {
    UPGRADE_MORE,     /* so far, so good */
    UPGRADE_WHOLE,    /* all of it, and authentic; UPGRADE_PROGRAM: in flash */
    UPGRADE_TOO_LONG, /* larger than its place, or than was announced */
    UPGRADE_BAD_CRC,
    UPGRADE_BAD_MAC,
    UPGRADE_NOT_PROGRAMMED,
    UPGRADE_BAD_BLOCK, /* upgrade_blocks.h */
};

enum { UPGRADE_PAGE = 256, UPGRADE_TAG = SHA256_DIGEST };

struct upgrade_image {
    enum upgrade_use use;
    uint32_t total;    /* bytes of the stream, tag included */
    uint32_t position; /* bytes taken */
    uint32_t crc;
    uint32_t first_word;
    uint32_t page_start; /* flash address of page[0] */
    uint32_t page_length;
    uint32_t erased_to; /* flash is erased up to here */
    struct hmac_sha256 mac;
    uint8_t trailer[4 + UPGRADE_TAG]; /* CRC and tag, as they came */
    uint8_t page[UPGRADE_PAGE] __attribute__((aligned(4)));
};

/* False when a stream of `total` bytes cannot be an image: then nothing may be taken. */
bool upgrade_image_begin(struct upgrade_image *image, enum upgrade_use use, uint32_t total);
/* The next bytes. After anything but UPGRADE_MORE the stream is over. Erasing a sector stalls the
 * processor for a second or two; the independent watchdog is fed around it. */
enum upgrade_fate upgrade_image_take(struct upgrade_image *image, const uint8_t *data,
                                     uint32_t length);

/* Word for the console: "crc", "mac", ... */
const char *upgrade_fate_name(enum upgrade_fate fate);

#endif
