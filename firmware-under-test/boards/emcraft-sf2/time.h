/* The millisecond counter: SysTick with its longest period, 3.8 s, and timer 1 as alarm clock.
 * There is no fixed beat, so that a sleeping board costs the machine that emulates it nothing. */
#ifndef EMCRAFT_SF2_TIME_H
#define EMCRAFT_SF2_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Starts at 0. */
void time_init(void);
void time_release(void);
/* Waits for any interrupt, at the latest for `deadline_ms`; not at all when ready() says so. */
void time_sleep(uint32_t deadline_ms, bool (*ready)(void));
void irq_systick(void);
void irq_timer1(void);

#endif
