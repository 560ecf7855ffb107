#include "time.h"

#include "core/board.h"
#include "cpu.h"
#include "modem_uart.h"
#include "timer.h"

/* Counts of the periods that are over. SysTick is never started anew: the emulated one stands at 0
 * until another thread of the emulator has come to load it, and on a busy machine that takes long.
 */
static uint64_t counted;

void time_init(void)
{
    counted = 0;
    timer_stop(TIMER1);
    interrupt_enable(IRQ_TIMER1);
    SYSTICK->csr = 0;
    SYSTICK->rvr = SYSTICK_LONGEST - 1;
    SYSTICK->cvr = 0;
    SYSTICK->csr = SYSTICK_CSR_ENABLE | SYSTICK_CSR_TICKINT;
    while (SYSTICK->cvr == 0) {
    }
}

void time_release(void)
{
    timer_stop(TIMER1);
    SYSTICK->csr = 0;
    SCB_ICSR = SCB_ICSR_PENDSTCLR;
}

void irq_systick(void)
{
    counted += SYSTICK_LONGEST;
}

void irq_timer1(void)
{
    timer_stop(TIMER1);
}

/* The counter goes down. At its end it shows 0 and SysTick becomes pending, one a little after the
 * other; so a 0 is the end unless the end is pending. */
static uint64_t counts(void)
{
    uint32_t mask = cpu_interrupts_save();
    uint32_t left = SYSTICK->cvr;
    uint64_t past = counted + (SYSTICK_LONGEST - left);
    if ((SCB_ICSR & SCB_ICSR_PENDSTSET) != 0) {
        left = SYSTICK->cvr;
        past = counted + SYSTICK_LONGEST + (left == 0 ? 0 : SYSTICK_LONGEST - left);
    }
    cpu_interrupts_restore(mask);
    return past;
}

uint32_t board_millis(void)
{
    return (uint32_t)(counts() * 2 / SYSTICK_PER_2_MS);
}

/* Between the last look at the clock and the wait no interrupt may be served, or its wake-up would
 * be lost: PRIMASK holds it back, and WFI returns for a pending interrupt all the same. */
void time_sleep(uint32_t deadline_ms, bool (*ready)(void))
{
    cpu_interrupts_off();
    int32_t remaining = (int32_t)(deadline_ms - board_millis());
    if (remaining > 0 && !ready()) {
        timer_start(TIMER1, (uint32_t)remaining);
        cpu_wait_for_interrupt();
    }
    cpu_interrupts_on();
}

void board_sleep_until(uint32_t deadline_ms)
{
    time_sleep(deadline_ms, modem_uart_has_data);
}
