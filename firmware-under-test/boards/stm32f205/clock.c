#include "clock.h"

#include <stdbool.h>

#include "registers.h"

/* Rounds of a polling loop: several times the start-up of crystal (2 ms) and PLL (0.3 ms) at the
 * 16 MHz that the loop runs with. */
enum { PATIENCE = 100000 };

static const struct clock_rates fast = {30000000, 60000000, 60000000};
static const struct clock_rates slow = {16000000, 16000000, 16000000};

static bool comes_up(volatile const uint32_t *reg, uint32_t mask, uint32_t value)
{
    for (uint32_t round = 0; round < PATIENCE; ++round) {
        if ((*reg & mask) == value)
            return true;
    }
    return false;
}

static bool running_from_pll(void)
{
    return (RCC->cfgr & RCC_CFGR_SWS_MASK) == RCC_CFGR_SWS_PLL;
}

static bool start_pll(void)
{
    RCC->cr |= RCC_CR_HSEON;
    if (!comes_up(&RCC->cr, RCC_CR_HSERDY, RCC_CR_HSERDY))
        return false;
    /* 26 MHz / 26 * 240 / 2 = 120 MHz; / 5 = 48 MHz for USB */
    RCC->pllcfgr = RCC_PLLCFGR_HSE | RCC_PLLCFGR_M(26u) | RCC_PLLCFGR_N(240u) | RCC_PLLCFGR_P2 |
                   RCC_PLLCFGR_Q(5u);
    RCC->cr |= RCC_CR_PLLON;
    return comes_up(&RCC->cr, RCC_CR_PLLRDY, RCC_CR_PLLRDY);
}

struct clock_rates clock_init(void)
{
    if (running_from_pll())
        return fast;
    if (!start_pll())
        return slow;
    /* Wait states and bus dividers first: 120 MHz must not meet flash and buses set up for 16. */
    FLASH->acr = FLASH_ACR_LATENCY_3WS | FLASH_ACR_PRFTEN | FLASH_ACR_ICEN | FLASH_ACR_DCEN;
    RCC->cfgr = RCC_CFGR_APB1_DIV4 | RCC_CFGR_APB2_DIV2;
    RCC->cfgr |= RCC_CFGR_SW_PLL;
    return comes_up(&RCC->cfgr, RCC_CFGR_SWS_MASK, RCC_CFGR_SWS_PLL) ? fast : slow;
}
