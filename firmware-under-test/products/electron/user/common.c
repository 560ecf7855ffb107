#include "application.h"

#include <stddef.h>

#include "core/console.h"
#include "core/module.h"

enum { FEED_INTERVAL_MS = 30 * 1000 };

/* From the linker script: the application's own prefix. */
extern const struct module_info link_user_module;

static bool was_fed;
static uint32_t fed_ms;

/* The console of core/ writes through the board; an application has only the system. */
void board_console_write(const char *text, uint32_t length)
{
    SYSTEM_API->console_write(text, length);
}

void report_start(const char *led, const char *apn)
{
    struct console_line line = console_line("user");
    console_number(&line, "ver", link_user_module.version);
    if (led != NULL) {
        console_text(&line, "led", led);
    }
    console_text(&line, "apn", apn[0] != 0 ? apn : "default");
    console_send(&line);
}

void feed_external_watchdog(void)
{
    uint32_t now = SYSTEM_API->millis();
    if (was_fed && now - fed_ms < FEED_INTERVAL_MS) {
        return;
    }
    SYSTEM_API->external_watchdog_kick();
    was_fed = true;
    fed_ms = now;
}
