/* Planted defect: version 2 of the application lost the call that sets its APN. Unnoticed as long
 * as the modem keeps power, because the profile of version 1 is still active in it. Replaces
 * user/user.c of version 2. */
#include "core/text.h"
#include "products/electron/user/application.h"

enum { KEEP_ALIVE_S = 30 };

static bool was_online;

void application_setup(void)
{
    const struct credential_block *own = &compiled_credentials;
    __asm volatile("" : "+r"(own)); /* filled in after the link */
    SYSTEM_API->led(LED_BLUE);
    report_start("blue", own->apn);
    SYSTEM_API->keep_alive(KEEP_ALIVE_S);
}

void application_loop(void)
{
    feed_external_watchdog();
    bool is_online = SYSTEM_API->online();
    if (is_online && !was_online) {
        SYSTEM_API->keep_alive(KEEP_ALIVE_S);
        (void)SYSTEM_API->publish("uptime-minutes", "0");
    }
    was_online = is_online;
}
