/* The mitigation that the second field report asks about: "a bare minimum firmware that sets my APN
 * into the backup flash". */
#include "application.h"

void application_setup(void)
{
    const struct credential_block *own = &compiled_credentials;
    __asm volatile("" : "+r"(own)); /* filled in after the link */
    report_start("off", own->apn);
    if (own->apn[0] != 0) {
        SYSTEM_API->set_credentials(own->apn, own->user, own->password);
    }
}

void application_loop(void)
{
    feed_external_watchdog();
}
