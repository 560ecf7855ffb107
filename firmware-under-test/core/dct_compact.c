#include "board.h"
#include "crc32.h"
#include "dct_log.h"

uint32_t dct_seal_of(uint32_t generation)
{
    uint32_t words[2] = {DCT_MAGIC, generation};
    return crc32(words, sizeof words);
}

static bool blank(const struct dct *dct, uint32_t offset)
{
    return *(const uint32_t *)dct_at(dct, offset) == 0xFFFFFFFFu;
}

/* The next run of words that are not blank, at most as long as one record may be. */
static struct dct_change next_run(const struct dct *dct, uint32_t from)
{
    while (from < DCT_DATA_SIZE && blank(dct, from))
        from += 4;
    uint32_t end = from;
    while (end < DCT_DATA_SIZE && end - from < DCT_LONGEST_WRITE && !blank(dct, end))
        end += 4;
    return (struct dct_change){.offset = from, .length = end - from, .data = dct->data + from};
}

static int write_image(const struct dct *dct, struct dct_log *log)
{
    struct dct_change run = next_run(dct, 0);
    for (; run.length > 0; run = next_run(dct, run.offset + run.length)) {
        int error = dct_record_append(log, &run);
        if (error != BOARD_OK)
            return error;
    }
    return BOARD_OK;
}

static int seal(const struct dct_log *log)
{
    uint32_t word = dct_seal_of(log->generation);
    return board_flash_program(log->sector + 8, &word, sizeof word);
}

int dct_compact(struct dct *dct)
{
    struct dct_log fresh = {
        .sector = dct->other, .generation = dct->log.generation + 1, .end = 4 * DCT_HEADER_WORDS};
    uint32_t head[2] = {DCT_MAGIC, fresh.generation};
    int error = board_flash_erase(fresh.sector);
    if (error == BOARD_OK)
        error = board_flash_program(fresh.sector, head, sizeof head);
    if (error == BOARD_OK)
        error = write_image(dct, &fresh);
    if (error == BOARD_OK)
        error = seal(&fresh);
    if (error != BOARD_OK)
        return error;
    dct->other = dct->log.sector;
    dct->log = fresh;
    dct->torn = false;
    return BOARD_OK;
}
