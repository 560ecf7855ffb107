/* The two one-shot timers: 1 is the alarm clock of a sleep, 2 the watchdog. */
#ifndef EMCRAFT_SF2_TIMER_H
#define EMCRAFT_SF2_TIMER_H

#include "registers.h"

static inline void timer_stop(struct timer_registers *timer)
{
    timer->control = 0;
    timer->raw_status = TIMER_STATUS_REACHED_0;
}

/* Its interrupt comes in `ms`, or after the longest time that it can count. */
static inline void timer_start(struct timer_registers *timer, uint32_t ms)
{
    timer_stop(timer);
    timer->load = (ms < TIMER_MOST_MS ? ms : TIMER_MOST_MS) * TIMER_PER_MS;
    timer->control = TIMER_CONTROL_ENABLE | TIMER_CONTROL_ONE_SHOT | TIMER_CONTROL_INT;
}

#endif
