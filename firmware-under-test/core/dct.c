#include "dct.h"

#include "board.h"
#include "dct_log.h"
#include "memory.h"

/* 0 when the sector has no valid seal. */
static uint32_t generation_of(uint32_t sector)
{
    const uint32_t *header = board_flash_at(sector);
    bool sealed = header[0] == DCT_MAGIC && header[2] == dct_seal_of(header[1]);
    return sealed ? header[1] : 0;
}

static void replay(struct dct *dct)
{
    struct dct_change change;
    while (dct_record_read(&dct->log, &change)) {
        memcpy(dct->data + change.offset, change.data, change.length);
        dct_log_advance(&dct->log, change.length);
    }
    const uint32_t *next = board_flash_at(dct->log.sector + dct->log.end);
    dct->torn = dct_log_has_room(&dct->log, 4) && *next != 0xFFFFFFFFu;
}

void dct_open(struct dct *dct, uint32_t first_sector, uint32_t second_sector)
{
    uint32_t first = generation_of(first_sector);
    uint32_t second = generation_of(second_sector);
    bool use_second = second > first;
    dct->log = (struct dct_log){.sector = use_second ? second_sector : first_sector,
                                .generation = use_second ? second : first,
                                .end = 4 * DCT_HEADER_WORDS};
    dct->other = use_second ? first_sector : second_sector;
    dct->torn = false;
    memset(dct->data, 0xFF, sizeof dct->data);
    if (dct->log.generation != 0)
        replay(dct);
}

const void *dct_at(const struct dct *dct, uint32_t offset)
{
    return dct->data + offset;
}

static int store(struct dct *dct, const struct dct_change *change)
{
    bool append =
        dct->log.generation != 0 && !dct->torn && dct_log_has_room(&dct->log, change->length);
    if (!append) {
        memcpy(dct->data + change->offset, change->data, change->length);
        return dct_compact(dct);
    }
    int error = dct_record_append(&dct->log, change);
    if (error == BOARD_OK)
        memcpy(dct->data + change->offset, change->data, change->length);
    return error;
}

int dct_write(struct dct *dct, uint32_t offset, const void *data, uint32_t length)
{
    if (offset % 4 != 0 || length % 4 != 0 || length > DCT_LONGEST_WRITE ||
        offset + length > DCT_DATA_SIZE)
        return BOARD_BAD_ADDRESS;
    if (memcmp(dct->data + offset, data, length) == 0)
        return BOARD_OK;
    struct dct_change change = {.offset = offset, .length = length, .data = data};
    int error = store(dct, &change);
    if (error != BOARD_OK)
        dct_open(dct, dct->log.sector, dct->other);
    return error;
}
