#include "time.h"

#include "core/board.h"
#include "cpu.h"
#include "modem_uart.h"

void time_init(uint32_t timer_hz)
{
    RCC->apb1enr |= RCC_APB1ENR_TIM2;
    TIM2->cr1 = 0;
    TIM2->dier = 0;
    TIM2->psc = timer_hz / 1000 - 1;
    TIM2->arr = 0xFFFFFFFFu;
    TIM2->egr = TIM_EGR_UG; /* loads the prescaler and restarts at 0 */
    TIM2->sr = 0;
    TIM2->cr1 = TIM_CR1_CEN;
    interrupt_enable(IRQ_TIM2);
}

void time_release(void)
{
    TIM2->dier = 0;
    TIM2->cr1 = 0;
    TIM2->sr = 0;
}

uint32_t board_millis(void)
{
    return TIM2->cnt;
}

void irq_tim2(void)
{
    TIM2->dier = 0;
    TIM2->sr = 0;
}

static bool reached(uint32_t deadline_ms)
{
    return (int32_t)(TIM2->cnt - deadline_ms) >= 0;
}

/* Between the last look at the clock and the wait no interrupt may be served, or its wake-up would
 * be lost: PRIMASK holds it back, and WFI returns for a pending interrupt all the same. */
void time_sleep(uint32_t deadline_ms, bool (*ready)(void))
{
    cpu_interrupts_off();
    TIM2->sr = 0;
    TIM2->ccr1 = deadline_ms;
    TIM2->dier = TIM_DIER_CC1IE;
    if (!ready() && !reached(deadline_ms))
        cpu_wait_for_interrupt();
    cpu_interrupts_on();
}

void board_sleep_until(uint32_t deadline_ms)
{
    time_sleep(deadline_ms, modem_uart_has_data);
}
