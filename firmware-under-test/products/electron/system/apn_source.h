/* Where the APN comes from when the user application has not set one: the answer to the second
 * field report that a system part could give. One of apn_source_{default,list,config}.c is linked.
 */
#ifndef ELECTRON_APN_SOURCE_H
#define ELECTRON_APN_SOURCE_H

#include "core/dct.h"
#include "modem.h"

/* Never without an APN: the built-in default is the last resort. */
struct apn_choice apn_source_choose(const struct dct *dct, const char *imsi);

/* The user application has set its credentials: a chance to remember them. */
void apn_source_remember(struct dct *dct, const char *apn, const char *user, const char *password);

/* For the boot line: "config" when credentials are remembered, "none" otherwise. */
const char *apn_source_store(const struct dct *dct);

struct apn_default {
    const char *imsi_prefix;
    const char *apn;
};

/* First entry whose prefix fits, else that of the built-in SIM. */
const char *apn_by_imsi(const struct apn_default *list, unsigned count, const char *imsi);

#endif
