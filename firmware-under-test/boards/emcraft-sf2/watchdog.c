#include "core/board.h"
#include "retained.h"
#include "time.h"

/* The machine has no watchdog; SysTick stands in for it. So it needs interrupts, and an image that
 * switched them off for good is not saved by it. */
void board_watchdog_start(uint32_t timeout_ms)
{
    RETAINED->watchdog_ms = timeout_ms;
    time_restart_watchdog();
}

void board_watchdog_feed(void)
{
    time_restart_watchdog();
}
