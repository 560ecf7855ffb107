/* Clocks: 120 MHz from the 26 MHz crystal of the Electron through the PLL, APB1 30 MHz, APB2 60
 * MHz. When crystal or PLL do not come up in time, everything runs from the internal 16 MHz. */
#ifndef STM32F205_CLOCK_H
#define STM32F205_CLOCK_H

#include <stdint.h>

struct clock_rates {
    uint32_t apb1; /* Hz */
    uint32_t apb2;
    uint32_t timer; /* TIM2: twice APB1 whenever that is divided (RM0033 §5.2) */
};

/* Does nothing when an earlier image left the PLL running. */
struct clock_rates clock_init(void);

#endif
