/* Pin modes of the GPIO ports (RM0033 §6.3). */
#ifndef STM32F205_PINS_H
#define STM32F205_PINS_H

#include <stdbool.h>

#include "registers.h"

/* Push-pull output that starts at `level`. */
void pin_output(struct gpio_registers *port, unsigned pin, bool level);
void pin_alternate(struct gpio_registers *port, unsigned pin, unsigned function);
void pin_set(struct gpio_registers *port, unsigned pin, bool level);
/* LED, watchdog input and modem control pins in their idle levels. */
void pins_init(void);

#endif
