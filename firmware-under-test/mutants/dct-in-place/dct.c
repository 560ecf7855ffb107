/* Planted defect: every write erases the sector that counts and writes the whole image into it
 * again; the second sector is never used. A cut in between loses everything that was configured.
 * Resembles device-os issue 2530 (DCT lost when its initialisation is interrupted) and settings
 * "erased, then written again" everywhere. Replaces core/dct.c of the bootloader; the product
 * keeps its APN in the DCT. */
#include "core/dct.h"

#include "core/board.h"
#include "core/dct_log.h"
#include "core/memory.h"

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
}

void dct_open(struct dct *dct, uint32_t first_sector, uint32_t second_sector)
{
    uint32_t first = generation_of(first_sector);
    uint32_t second = generation_of(second_sector);
    bool use_second = second > first;
    dct->log = (struct dct_log){.sector = use_second ? second_sector : first_sector,
                                .generation = use_second ? second : first,
                                .end = 4 * DCT_HEADER_WORDS};
    memset(dct->data, 0xFF, sizeof dct->data);
    if (dct->log.generation != 0)
        replay(dct);
}

const void *dct_at(const struct dct *dct, uint32_t offset)
{
    return dct->data + offset;
}

int dct_write(struct dct *dct, uint32_t offset, const void *data, uint32_t length)
{
    if (memcmp(dct->data + offset, data, length) == 0)
        return BOARD_OK;
    memcpy(dct->data + offset, data, length);
    dct->other = dct->log.sector;
    return dct_compact(dct);
}
