/* Credentials kept in configuration flash, as later products do: what the user application set once
 * is used by the system alone, in safe mode too. */
#include "apn_source.h"

#include <stddef.h>

#include "core/apn_record.h"

struct apn_choice apn_source_choose(const struct dct *dct, const char *imsi)
{
    static const struct apn_default list[] = {{"31026085900", "wireless.twilio.com"}};
    const struct apn_record *kept = apn_record_read(dct);
    if (kept != NULL && kept->apn[0] != 0) {
        return (struct apn_choice){
            .apn = kept->apn,
            .user = kept->user,
            .password = kept->password,
            .source = "config",
        };
    }
    return (struct apn_choice){
        .apn = apn_by_imsi(list, sizeof list / sizeof list[0], imsi),
        .source = "default",
    };
}

/* A failure costs the memory of the APN, not the connection: it will be tried again at the next
 * boot. */
void apn_source_remember(struct dct *dct, const char *apn, const char *user, const char *password)
{
    if (apn != NULL && apn[0] != 0) {
        (void)apn_record_write(dct, apn, user, password);
    }
}

const char *apn_source_store(const struct dct *dct)
{
    return apn_record_read(dct) != NULL ? "config" : "none";
}
