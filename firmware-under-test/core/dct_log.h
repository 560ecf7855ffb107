/* Inside of the DCT: one sector's log of records. Layout: dct.h. Not for anyone but dct*.c. */
#ifndef CORE_DCT_LOG_H
#define CORE_DCT_LOG_H

#include "dct.h"

enum { DCT_HEADER_WORDS = 3, DCT_RECORD_WORDS = 3 /* besides the data */ };

struct dct_change {
    uint32_t offset;
    uint32_t length;
    const void *data;
};

/* Whether the log has room for a record of `length` bytes of data. */
bool dct_log_has_room(const struct dct_log *log, uint32_t length);

/* The record at the end of `log`, or false when there stands none. Does not move the end. */
bool dct_record_read(const struct dct_log *log, struct dct_change *change);

/* Programs a record at the end of `log`, which must have room, and moves the end behind it. */
int dct_record_append(struct dct_log *log, const struct dct_change *change);

/* Moves the end of `log` behind the record that dct_record_read() just found. */
void dct_log_advance(struct dct_log *log, uint32_t length);

/* Erases the other sector, writes the whole image into it and seals it: then it counts. */
int dct_compact(struct dct *dct);

uint32_t dct_seal_of(uint32_t generation);

enum { DCT_MAGIC = 0x31544344 }; /* "DCT1" */

#endif
