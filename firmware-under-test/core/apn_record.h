/* The APN kept in configuration flash (variant apn-in-flash): one DCT record, so a change of it is
 * atomic. Texts are zero-terminated; a record without the magic is none. */
#ifndef CORE_APN_RECORD_H
#define CORE_APN_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "dct.h"

enum { APN_RECORD_MAGIC = 0x314E5041 }; /* "APN1" */

struct apn_record {
    uint32_t magic;
    char apn[64];
    char user[32];
    char password[32];
};
_Static_assert(DCT_APN_OFFSET + sizeof(struct apn_record) <= DCT_DATA_SIZE, "fits the image");
_Static_assert(sizeof(struct apn_record) <= DCT_LONGEST_WRITE, "one atomic write");

/* NULL when nothing was stored. Valid until the next write of the DCT. */
const struct apn_record *apn_record_read(const struct dct *dct);
/* Longer texts are cut; NULL counts as empty. Costs nothing when the record is the same already.
 * 0 or a board_error. */
int apn_record_write(struct dct *dct, const char *apn, const char *user, const char *password);

#endif
