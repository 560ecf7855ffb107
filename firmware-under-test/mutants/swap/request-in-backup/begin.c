/* Planted defect: slot 1 is relieved of its request first, which from then on only a backup
 * register knows. Between the end of that erase and the store to the register nobody knows it: a
 * loss of power there loses the update, one before and one after do not (mcuboot issue 2169: seen
 * on a board that was reset behind the last erase, before the function returned). Replaces
 * products/swap/begin.c. */
#include "core/board.h"
#include "products/swap/image.h"
#include "products/swap/layout.h"
#include "products/swap/swap.h"

enum { BACKUP_REQUEST = 4 };

enum swap_type swap_requested(void)
{
    uint32_t kept = board_backup_read(BACKUP_REQUEST);
    if (kept == SWAP_TEST || kept == SWAP_PERMANENT)
        return (enum swap_type)kept;
    struct trailer slot1 = trailer_read(SLOT1_START);
    if (slot1.magic != MAGIC_GOOD)
        return SWAP_NONE;
    return slot1.image_ok == FLAG_SET ? SWAP_PERMANENT : SWAP_TEST;
}

void swap_prepare_revert(void)
{
    trailer_erase(SLOT1_START);
    trailer_write_image_ok(SLOT1_START);
    trailer_write_magic(SLOT1_START);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

uint32_t swap_begin(enum swap_type type)
{
    uint32_t size = larger(image_size(SLOT0_START), image_size(SLOT1_START));
    trailer_erase(SLOT1_START);
    board_backup_write(BACKUP_REQUEST, type);
    trailer_erase(SLOT0_START);
    trailer_write_type(SLOT0_START, type);
    trailer_write_size(SLOT0_START, size);
    trailer_write_magic(SLOT0_START);
    board_backup_write(BACKUP_REQUEST, SWAP_NONE);
    return size;
}
