#include "apn_source.h"

const char *apn_by_imsi(const struct apn_default *list, unsigned count, const char *imsi)
{
    for (unsigned i = 0; i < count; i++) {
        if (text_starts_with(imsi, list[i].imsi_prefix)) {
            return list[i].apn;
        }
    }
    return "spark.telefonica.com";
}
