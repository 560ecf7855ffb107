#include "watchdog.h"

#include "core/board.h"
#include "cpu.h"
#include "retained.h"
#include "timer.h"

void watchdog_init(void)
{
    interrupt_enable(IRQ_TIMER2);
}

void irq_timer2(void)
{
    RETAINED->next_cause = RESET_WATCHDOG;
    cpu_reset();
}

void board_watchdog_start(uint32_t timeout_ms)
{
    RETAINED->watchdog_ms = timeout_ms;
    timer_start(TIMER2, timeout_ms);
}

void board_watchdog_feed(void)
{
    uint32_t timeout_ms = RETAINED->watchdog_ms;
    if (timeout_ms != 0)
        timer_start(TIMER2, timeout_ms);
}
