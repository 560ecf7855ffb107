/* What the device tells the server about its modules: JSON in the manner of device-os. */
#ifndef ELECTRON_DESCRIBE_H
#define ELECTRON_DESCRIBE_H

#include "core/text.h"

struct describe_identity {
    const char *imei;
    const char *iccid;
};

/* A user module without a valid header is left out, one with a wrong CRC is reported as such. */
void describe(struct text *json, const struct describe_identity *identity);

#endif
