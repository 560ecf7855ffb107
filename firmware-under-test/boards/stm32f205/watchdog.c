#include "core/board.h"
#include "registers.h"

/* The internal 32 kHz oscillator, divided by 4 << code (RM0033 §18.3.2). */
enum { LSI_KHZ = 32, LONGEST_RELOAD = 0xFFF, LAST_PRESCALER = 6, PATIENCE = 100000 };

/* Prescaler and reload travel into the slow clock domain first; a reload before that would count
 * with the old ones. */
static void wait_for_update(void)
{
    for (uint32_t round = 0; round < PATIENCE && IWDG->sr != 0; ++round) {
    }
}

void board_watchdog_start(uint32_t timeout_ms)
{
    uint32_t prescaler = 0;
    uint32_t ticks = timeout_ms * LSI_KHZ / 4;
    for (; ticks > LONGEST_RELOAD && prescaler < LAST_PRESCALER; ++prescaler)
        ticks /= 2;
    IWDG->kr = IWDG_KEY_START;
    IWDG->kr = IWDG_KEY_ACCESS;
    IWDG->pr = prescaler;
    IWDG->rlr = ticks < LONGEST_RELOAD ? ticks : LONGEST_RELOAD;
    wait_for_update();
    IWDG->kr = IWDG_KEY_FEED;
}

void board_watchdog_feed(void)
{
    IWDG->kr = IWDG_KEY_FEED;
}
