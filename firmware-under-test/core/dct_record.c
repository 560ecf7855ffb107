#include <stddef.h>

#include "board.h"
#include "crc32.h"
#include "dct_log.h"

static uint32_t size_of(uint32_t length)
{
    return length + 4 * DCT_RECORD_WORDS;
}

static uint32_t head_of(const struct dct_change *change)
{
    return change->offset | change->length << 16;
}

/* The generation is part of it, so that what an interrupted erase left over from an older log of
 * the same sector is never taken for a record. */
static uint32_t crc_of(uint32_t generation, const uint32_t head[2], const struct dct_change *change)
{
    uint32_t state = crc32_update(CRC32_START, &generation, sizeof generation);
    state = crc32_update(state, head, 8);
    return crc32_final(crc32_update(state, change->data, change->length));
}

bool dct_log_has_room(const struct dct_log *log, uint32_t length)
{
    return log->end + size_of(length) <= DCT_SECTOR_SIZE;
}

void dct_log_advance(struct dct_log *log, uint32_t length)
{
    log->end += size_of(length);
    ++log->sequence;
}

static bool plausible(const struct dct_log *log, const struct dct_change *change)
{
    return change->length > 0 && change->length % 4 == 0 && change->offset % 4 == 0 &&
           change->length <= DCT_LONGEST_WRITE &&
           change->offset + change->length <= DCT_DATA_SIZE &&
           dct_log_has_room(log, change->length);
}

bool dct_record_read(const struct dct_log *log, struct dct_change *change)
{
    if (!dct_log_has_room(log, 4))
        return false;
    const uint32_t *record = board_flash_at(log->sector + log->end);
    *change = (struct dct_change){
        .offset = record[0] & 0xFFFF, .length = record[0] >> 16, .data = record + 2};
    if (!plausible(log, change) || record[1] != log->sequence + 1)
        return false;
    return record[2 + change->length / 4] == crc_of(log->generation, record, change);
}

int dct_record_append(struct dct_log *log, const struct dct_change *change)
{
    uint32_t head[2] = {head_of(change), log->sequence + 1};
    uint32_t crc = crc_of(log->generation, head, change);
    uint32_t at = log->sector + log->end;
    int error = board_flash_program(at, head, sizeof head);
    if (error == BOARD_OK)
        error = board_flash_program(at + sizeof head, change->data, change->length);
    if (error == BOARD_OK)
        error = board_flash_program(at + sizeof head + change->length, &crc, sizeof crc);
    if (error == BOARD_OK)
        dct_log_advance(log, change->length);
    return error;
}
