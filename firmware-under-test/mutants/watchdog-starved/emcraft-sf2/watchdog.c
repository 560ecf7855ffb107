/* Planted defect: feeding looks at the watchdog and leaves it as it is, so the new system is reset
 * every five seconds for ever. The plain update shows it. Replaces boards/emcraft-sf2/watchdog.c of
 * system 0.7.0. */
#include "boards/emcraft-sf2/watchdog.h"

#include "boards/emcraft-sf2/cpu.h"
#include "boards/emcraft-sf2/retained.h"
#include "core/board.h"

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
    (void)timeout_ms;
}

void board_watchdog_feed(void)
{
    (void)RETAINED->watchdog_ms;
}
