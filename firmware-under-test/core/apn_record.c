#include "apn_record.h"

#include <stddef.h>

#include "memory.h"
#include "text.h"

const struct apn_record *apn_record_read(const struct dct *dct)
{
    const struct apn_record *record = dct_at(dct, DCT_APN_OFFSET);
    return record->magic == APN_RECORD_MAGIC ? record : NULL;
}

static void put(char *to, uint32_t capacity, const char *value)
{
    struct text text = text_in(to, capacity);
    if (value != NULL)
        text_add(&text, value);
}

int apn_record_write(struct dct *dct, const char *apn, const char *user, const char *password)
{
    struct apn_record record;
    memset(&record, 0, sizeof record);
    record.magic = APN_RECORD_MAGIC;
    put(record.apn, sizeof record.apn, apn);
    put(record.user, sizeof record.user, user);
    put(record.password, sizeof record.password, password);
    return dct_write(dct, DCT_APN_OFFSET, &record, sizeof record);
}
