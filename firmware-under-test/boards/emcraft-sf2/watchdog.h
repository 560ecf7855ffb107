/* The watchdog: timer 2, whose interrupt resets the board. The machine has none of its own; the
 * price is that an image which switched interrupts off for good is not saved by it. It goes on when
 * one image starts another. */
#ifndef EMCRAFT_SF2_WATCHDOG_H
#define EMCRAFT_SF2_WATCHDOG_H

/* Hears it, whoever started it. */
void watchdog_init(void);
void irq_timer2(void);

#endif
