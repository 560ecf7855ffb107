#include "trailer.h"

#include "core/board.h"
#include "layout.h"

enum { STATUS_SECTORS = 128, STATUS_STEPS = 3, MAGIC_WORDS = 4 };
enum { AT_MAGIC = 16, AT_IMAGE_OK = 24, AT_COPY_DONE = 32, AT_SWAP_INFO = 40, AT_SWAP_SIZE = 48 };
enum { AT_STATUS = AT_SWAP_SIZE + STATUS_SECTORS * STATUS_STEPS * 4 };

#define ERASED 0xFFFFFFFFu
/* A flag or a type is one byte of its word; the rest stays erased. */
#define BYTE_OF_WORD(value) (0xFFFFFF00u | (value))

static const uint32_t magic[MAGIC_WORDS] = {0xF395C277u, 0x7FEFD260u, 0x0F505235u, 0x8079B62Cu};

static uint32_t address_of(uint32_t slot, uint32_t at)
{
    return slot + SLOT_SIZE - at;
}

static const uint32_t *words_at(uint32_t slot, uint32_t at)
{
    return board_flash_at(address_of(slot, at));
}

static void write_word(uint32_t slot, uint32_t at, uint32_t value)
{
    (void)board_flash_program(address_of(slot, at), &value, sizeof value);
}

/* A magic that was begun and not finished has words that are still erased, and is none. */
static enum magic_state read_magic(uint32_t slot)
{
    const uint32_t *words = words_at(slot, AT_MAGIC);
    enum magic_state state = MAGIC_GOOD;
    for (unsigned i = 0; i < MAGIC_WORDS; ++i) {
        if (words[i] == ERASED)
            return MAGIC_UNSET;
        if (words[i] != magic[i])
            state = MAGIC_BAD;
    }
    return state;
}

static enum flag_state read_flag(uint32_t slot, uint32_t at)
{
    uint8_t flag = (uint8_t)*words_at(slot, at);
    if (flag == 0xFF)
        return FLAG_UNSET;
    return flag == 1 ? FLAG_SET : FLAG_BAD;
}

static enum swap_type read_type(uint32_t slot)
{
    uint8_t type = (uint8_t)*words_at(slot, AT_SWAP_INFO);
    return type == SWAP_TEST || type == SWAP_PERMANENT ? (enum swap_type)type : SWAP_NONE;
}

struct trailer trailer_read(uint32_t slot)
{
    return (struct trailer){
        .magic = read_magic(slot),
        .image_ok = read_flag(slot, AT_IMAGE_OK),
        .copy_done = read_flag(slot, AT_COPY_DONE),
        .type = read_type(slot),
        .size = *words_at(slot, AT_SWAP_SIZE),
    };
}

void trailer_erase(uint32_t slot)
{
    (void)board_flash_erase(trailer_sector(slot));
}

void trailer_write_magic(uint32_t slot)
{
    (void)board_flash_program(address_of(slot, AT_MAGIC), magic, sizeof magic);
}

void trailer_write_image_ok(uint32_t slot)
{
    write_word(slot, AT_IMAGE_OK, BYTE_OF_WORD(1));
}

void trailer_write_copy_done(uint32_t slot)
{
    write_word(slot, AT_COPY_DONE, BYTE_OF_WORD(1));
}

void trailer_write_type(uint32_t slot, enum swap_type type)
{
    write_word(slot, AT_SWAP_INFO, BYTE_OF_WORD(type));
}

void trailer_write_size(uint32_t slot, uint32_t size)
{
    write_word(slot, AT_SWAP_SIZE, size);
}

uint32_t trailer_steps(void)
{
    const uint32_t *status = words_at(SLOT0_START, AT_STATUS);
    uint32_t steps = 0;
    while (steps < STATUS_SECTORS * STATUS_STEPS && status[steps] != ERASED)
        ++steps;
    return steps;
}

void trailer_write_step(uint32_t step)
{
    write_word(SLOT0_START, AT_STATUS - 4 * step, BYTE_OF_WORD(step % STATUS_STEPS + 1));
}
