/* The millisecond counter: TIM2 at 1 kHz over 32 bits, its compare channel 1 as alarm clock. */
#ifndef STM32F205_TIME_H
#define STM32F205_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Starts at 0. */
void time_init(uint32_t timer_hz);
void time_release(void);
/* Waits for any interrupt, at the latest for `deadline_ms`; not at all when ready() says so. */
void time_sleep(uint32_t deadline_ms, bool (*ready)(void));
void irq_tim2(void);

#endif
