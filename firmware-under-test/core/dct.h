/* Device configuration table: a small image of bytes kept in two flash sectors, written in atomic
 * records. Whatever write is cut by a loss of power, the next dct_open() finds the image as it was
 * before that write or as it should be after it, never between.
 *
 * Layout of a sector (32-bit words, ascending):
 *   header   0 magic "DCT1" | 1 generation | 2 seal = CRC-32 of words 0 and 1, written last
 *   record   0 offset (low half), length in bytes (high half), multiple of 4
 *            1 sequence: 1 for the first record of the sector, then one more each
 *            2.. data
 *            n CRC-32 of generation and all words before; written last, it commits the record
 *   blank to the end
 *
 * The sector with a valid seal and the highest generation counts. A sector that has no room, or a
 * torn record at its end, is not written again: the image goes into the other sector, which is
 * erased first and sealed last. On blank sectors the image reads 0xFF everywhere, and the first
 * write makes the first sector. */
#ifndef CORE_DCT_H
#define CORE_DCT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DCT_SECTOR_SIZE = 16 * 1024,
    DCT_SLOTS_OFFSET = 2852, /* five slots of 20 bytes: core/slots.h */
    DCT_APN_OFFSET = 2956,   /* struct apn_record: used by the apn-in-flash variant only */
    DCT_DATA_SIZE = 3200,    /* bytes of the image */
    DCT_LONGEST_WRITE = 256, /* bytes of one dct_write() */
};

/* The records of one sector. */
struct dct_log {
    uint32_t sector;     /* address */
    uint32_t generation; /* 0: the sector holds no log */
    uint32_t sequence;   /* of the last record; 0: none yet */
    uint32_t end;        /* offset in the sector behind the last record */
};

struct dct {
    struct dct_log log; /* of the sector that counts */
    uint32_t other;     /* address of the other sector */
    bool torn;          /* what stands at the end of the log is not blank: no record goes there */
    uint8_t data[DCT_DATA_SIZE] __attribute__((aligned(4)));
};

/* Reads both sectors and replays the records of the one that counts. Writes nothing. */
void dct_open(struct dct *dct, uint32_t first_sector, uint32_t second_sector);

/* Makes `length` bytes at `offset` of the image be `data`, all or none of them, also over a loss of
 * power. `offset` and `length` are multiples of 4, length is at most DCT_LONGEST_WRITE. Costs
 * length / 4 + 3 word programs, now and then a sector more; nothing when the bytes are the same.
 * 0 or a board_error; after an error the image in RAM is that of the flash again. */
int dct_write(struct dct *dct, uint32_t offset, const void *data, uint32_t length);

/* The bytes at `offset`, valid until the next write. */
const void *dct_at(const struct dct *dct, uint32_t offset);

#endif
