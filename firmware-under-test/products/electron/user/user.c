/* The product's application (v1, v2 and v3 differ in what they need and in their number): a blue
 * LED, the APN of its SIM, a ping every 30 s, a sign of life now and then. */
#include "application.h"
#include "core/text.h"

enum { KEEP_ALIVE_S = 30, REPORT_INTERVAL_MS = 10 * 60 * 1000 };

static bool was_online;
static uint32_t reported_ms;

/* The compiler must not know what stands in the block: it is filled in after the link. */
static const struct credential_block *credentials(void)
{
    const struct credential_block *block = &compiled_credentials;
    __asm volatile("" : "+r"(block));
    return block;
}

void application_setup(void)
{
    SYSTEM_API->led(LED_BLUE);
    const struct credential_block *own = credentials();
    report_start("blue", own->apn);
    if (own->apn[0] != 0) {
        SYSTEM_API->set_credentials(own->apn, own->user, own->password);
    }
    SYSTEM_API->keep_alive(KEEP_ALIVE_S);
}

static void report(uint32_t now)
{
    char characters[16];
    struct text minutes = text_in(characters, sizeof characters);
    text_add_number(&minutes, now / (60 * 1000));
    if (SYSTEM_API->publish("uptime-minutes", characters)) {
        reported_ms = now;
    }
}

void application_loop(void)
{
    feed_external_watchdog();
    bool is_online = SYSTEM_API->online();
    uint32_t now = SYSTEM_API->millis();
    if (is_online && !was_online) {
        SYSTEM_API->keep_alive(KEEP_ALIVE_S); /* every connection starts with the default */
        report(now);
    } else if (is_online && now - reported_ms >= REPORT_INTERVAL_MS) {
        report(now);
    }
    was_online = is_online;
}
