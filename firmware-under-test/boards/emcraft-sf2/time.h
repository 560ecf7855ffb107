/* The millisecond counter and the alarm clock: SysTick without a fixed beat. Its period ends when
 * there is something to do, so that a sleeping board costs the machine that emulates it nothing. */
#ifndef EMCRAFT_SF2_TIME_H
#define EMCRAFT_SF2_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Starts at 0. A watchdog that an earlier image started goes on, with its whole time ahead of it.
 */
void time_init(void);
void time_release(void);
/* Waits for any interrupt, at the latest for `deadline_ms`; not at all when ready() says so. */
void time_sleep(uint32_t deadline_ms, bool (*ready)(void));
/* From now on RETAINED->watchdog_ms without another call of this reset the board; never when that
 * is 0. */
void time_restart_watchdog(void);
void irq_systick(void);

#endif
