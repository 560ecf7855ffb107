#include "time.h"

#include "core/board.h"
#include "cpu.h"
#include "modem_uart.h"
#include "retained.h"

/* A period shorter than this is over before it has begun. */
enum { SHORTEST = 1000 };
#define NEVER UINT64_MAX

static uint64_t counted; /* counts of the periods that are over */
static uint32_t period;  /* counts of the one that runs */
static uint64_t watchdog_end;

static uint64_t counts_in(uint64_t ms)
{
    return (ms * SYSTICK_PER_2_MS + 1) / 2;
}

/* The counter goes down. At its end it shows 0 and SysTick becomes pending, one a little after the
 * other; so a 0 is the end unless the end has been counted. */
static uint64_t counts(void)
{
    uint32_t mask = cpu_interrupts_save();
    uint32_t left = SYSTICK->cvr;
    uint64_t past = counted + (period - left);
    if ((SCB_ICSR & SCB_ICSR_PENDSTSET) != 0) {
        left = SYSTICK->cvr;
        past = counted + period + (left == 0 ? 0 : period - left);
    }
    cpu_interrupts_restore(mask);
    return past;
}

/* The counter starts anew and is through after `length`. What it has counted is in `counted`. */
static void start_period(uint64_t length)
{
    if (length < SHORTEST)
        length = SHORTEST;
    period = length < SYSTICK_LONGEST ? (uint32_t)length : SYSTICK_LONGEST;
    SYSTICK->csr = 0;
    SCB_ICSR = SCB_ICSR_PENDSTCLR;
    SYSTICK->rvr = period - 1;
    SYSTICK->cvr = 0;
    SYSTICK->csr = SYSTICK_CSR_ENABLE | SYSTICK_CSR_TICKINT;
    while (SYSTICK->cvr == 0) {
    }
}

/* The next interrupt comes at `end`, earlier when the watchdog or the width of the counter wants
 * it. Interrupts are off. */
static void interrupt_at(uint64_t end)
{
    uint64_t soonest = end < watchdog_end ? end : watchdog_end;
    counted = counts();
    start_period(soonest > counted ? soonest - counted : 0);
}

void time_restart_watchdog(void)
{
    uint32_t ms = RETAINED->watchdog_ms;
    uint32_t mask = cpu_interrupts_save();
    uint64_t end = ms == 0 ? NEVER : counts() + counts_in(ms);
    bool is_earlier = end < watchdog_end;
    watchdog_end = end;
    if (is_earlier)
        interrupt_at(NEVER);
    cpu_interrupts_restore(mask);
}

void time_init(void)
{
    counted = 0;
    watchdog_end = NEVER;
    start_period(SYSTICK_LONGEST);
    time_restart_watchdog();
}

void time_release(void)
{
    SYSTICK->csr = 0;
    SCB_ICSR = SCB_ICSR_PENDSTCLR;
}

void irq_systick(void)
{
    uint32_t mask = cpu_interrupts_save();
    counted += period;
    if (counts() >= watchdog_end) {
        RETAINED->next_cause = RESET_WATCHDOG;
        cpu_reset();
    }
    interrupt_at(NEVER);
    cpu_interrupts_restore(mask);
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
    uint64_t now = counts() * 2 / SYSTICK_PER_2_MS;
    int32_t remaining = (int32_t)(deadline_ms - (uint32_t)now);
    if (remaining > 0 && !ready()) {
        interrupt_at(counts_in(now + (uint32_t)remaining));
        cpu_wait_for_interrupt();
    }
    cpu_interrupts_on();
}

void board_sleep_until(uint32_t deadline_ms)
{
    time_sleep(deadline_ms, modem_uart_has_data);
}
