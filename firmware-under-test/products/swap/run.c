#include "core/board.h"
#include "core/panic.h"
#include "layout.h"
#include "swap.h"

enum { STEPS = 3 };

static void copy_sector(uint32_t to, uint32_t from)
{
    (void)board_flash_erase(to);
    (void)board_flash_program(to, board_flash_at(from), SECTOR_SIZE);
}

static void take_step(uint32_t step)
{
    uint32_t offset = step / STEPS * SECTOR_SIZE;
    switch (step % STEPS) {
    case 0:
        copy_sector(SCRATCH_START, SLOT1_START + offset);
        break;
    case 1:
        copy_sector(SLOT1_START + offset, SLOT0_START + offset);
        if (step / STEPS == 0)
            trailer_erase(SLOT1_START);
        break;
    default:
        copy_sector(SLOT0_START + offset, SCRATCH_START);
        break;
    }
}

/* What the trailer says of a swap is relied on from here on: firm (trailer.h). */
static void make_firm(const struct trailer *trailer, uint32_t steps)
{
    trailer_write_type(SLOT0_START, trailer->type);
    trailer_write_size(SLOT0_START, trailer->size);
    trailer_write_magic(SLOT0_START);
    if (steps > 0)
        trailer_write_step(steps - 1);
}

void swap_run(enum swap_type type, uint32_t size)
{
    if (size > IMAGE_MAX)
        panic(PANIC_HARD_FAULT);
    struct trailer trailer = trailer_read(SLOT0_START);
    uint32_t sectors = (size + SECTOR_SIZE - 1) / SECTOR_SIZE;
    uint32_t done = trailer_steps();
    make_firm(&trailer, done);
    for (uint32_t step = done; step < sectors * STEPS; ++step) {
        take_step(step);
        trailer_write_step(step);
    }
    swap_finish(type);
}
