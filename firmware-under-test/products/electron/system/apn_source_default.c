/* As device-os v0.7.0: two built-in APNs (hal/inc/cellular_hal_constants.h), nothing remembered. */
#include "apn_source.h"

struct apn_choice apn_source_choose(const struct dct *dct, const char *imsi)
{
    static const struct apn_default list[] = {{"31026085900", "wireless.twilio.com"}};
    (void)dct;
    return (struct apn_choice){
        .apn = apn_by_imsi(list, sizeof list / sizeof list[0], imsi),
        .source = "default",
    };
}

void apn_source_remember(struct dct *dct, const char *apn, const char *user, const char *password)
{
    (void)dct, (void)apn, (void)user, (void)password;
}

const char *apn_source_store(const struct dct *dct)
{
    (void)dct;
    return "none";
}
