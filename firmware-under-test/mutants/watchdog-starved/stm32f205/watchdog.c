/* Planted defect: feeding writes the key that unlocks the watchdog's registers, not the one that
 * feeds it, so the new system is reset every five seconds for ever. The plain update shows it.
 * Replaces boards/stm32f205/watchdog.c of system 0.7.0. */
#include "boards/stm32f205/registers.h"
#include "core/board.h"

void board_watchdog_start(uint32_t timeout_ms)
{
    (void)timeout_ms;
}

void board_watchdog_feed(void)
{
    IWDG->kr = IWDG_KEY_ACCESS;
}
