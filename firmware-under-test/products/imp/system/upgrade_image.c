#include "upgrade_image.h"

#include "core/board.h"
#include "core/crc32.h"
#include "core/memory.h"
#include "core/module.h"
#include "products/imp/layout.h"

/* Of the fleet: whoever builds images has it, and so has every device. A product would keep one for
 * each device. */
static const uint8_t key[] = "otarig imp fleet key, not secret";

enum { TRAILER = MODULE_CRC + UPGRADE_TAG, SMALLEST = sizeof(struct module_info) + TRAILER };

bool upgrade_image_begin(struct upgrade_image *image, enum upgrade_use use, uint32_t total)
{
    memset(image, 0, sizeof *image);
    if (total < SMALLEST || total > IMP_OS_SIZE + UPGRADE_TAG || total % 4 != 0) {
        return false;
    }
    image->use = use;
    image->total = total;
    image->crc = CRC32_START;
    image->page_start = USER_START;
    image->erased_to = USER_START;
    hmac_sha256_begin(&image->mac, key, sizeof key - 1);
    return true;
}

static bool erase_up_to(struct upgrade_image *image, uint32_t end)
{
    while (image->erased_to < end) {
        board_watchdog_feed();
        if (board_flash_erase(image->erased_to) != BOARD_OK) {
            return false;
        }
        board_watchdog_feed();
        image->erased_to = board_flash_sector_end(image->erased_to);
    }
    return true;
}

/* The page at the start of the module leaves its first word out: all ones program nothing. */
static bool program_page(struct upgrade_image *image)
{
    if (image->page_start == USER_START) {
        memcpy(&image->first_word, image->page, sizeof image->first_word);
        memset(image->page, 0xFF, sizeof image->first_word);
    }
    uint32_t end = image->page_start + image->page_length;
    bool done = erase_up_to(image, end) &&
                board_flash_program(image->page_start, image->page, image->page_length) == BOARD_OK;
    image->page_start = end;
    image->page_length = 0;
    return done;
}

static bool store(struct upgrade_image *image, const uint8_t *data, uint32_t length)
{
    bool done = true;
    while (length > 0 && done) {
        uint32_t room = UPGRADE_PAGE - image->page_length;
        uint32_t part = length < room ? length : room;
        memcpy(image->page + image->page_length, data, part);
        image->page_length += part;
        data += part;
        length -= part;
        if (image->page_length == UPGRADE_PAGE) {
            done = program_page(image);
        }
    }
    return done;
}

static uint32_t part_before(const struct upgrade_image *image, uint32_t end, uint32_t length)
{
    uint32_t left = image->position < end ? end - image->position : 0;
    return left < length ? left : length;
}

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool mark_valid(struct upgrade_image *image)
{
    if (image->page_length > 0 && !program_page(image)) {
        return false;
    }
    return board_flash_program(USER_START, &image->first_word, sizeof image->first_word) ==
           BOARD_OK;
}

static enum upgrade_fate finish(struct upgrade_image *image)
{
    uint8_t tag[UPGRADE_TAG];
    hmac_sha256_end(&image->mac, tag);
    if (crc32_final(image->crc) != big_endian(image->trailer)) {
        return UPGRADE_BAD_CRC;
    }
    if (!sha256_equal(tag, image->trailer + MODULE_CRC)) {
        return UPGRADE_BAD_MAC;
    }
    if (image->use == UPGRADE_PROGRAM && !mark_valid(image)) {
        return UPGRADE_NOT_PROGRAMMED;
    }
    return UPGRADE_WHOLE;
}

enum upgrade_fate upgrade_image_take(struct upgrade_image *image, const uint8_t *data,
                                     uint32_t length)
{
    if (length > image->total - image->position) {
        return UPGRADE_TOO_LONG;
    }
    uint32_t covered = part_before(image, image->total - TRAILER, length);
    uint32_t module = part_before(image, image->total - UPGRADE_TAG, length);
    image->crc = crc32_update(image->crc, data, covered);
    hmac_sha256_update(&image->mac, data, module);
    if (image->use == UPGRADE_PROGRAM && !store(image, data, module)) {
        return UPGRADE_NOT_PROGRAMMED;
    }
    if (length > covered) {
        uint32_t at = image->position + covered - (image->total - TRAILER);
        memcpy(image->trailer + at, data + covered, length - covered);
    }
    image->position += length;
    return image->position == image->total ? finish(image) : UPGRADE_MORE;
}

const char *upgrade_fate_name(enum upgrade_fate fate)
{
    static const char *const names[] = {"more", "ok", "length", "crc", "mac", "flash", "block"};
    return names[fate];
}
