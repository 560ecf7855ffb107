#include "pins.h"

#include "core/board.h"

enum { PIN_LED_BLUE = 13 };                                          /* port A: D7 */
enum { PIN_MODEM_POWER = 0, PIN_MODEM_RESET = 1, PIN_WATCHDOG = 5 }; /* port B */
enum { MODE_OUTPUT = 1, MODE_ALTERNATE = 2 };

static void pin_mode(struct gpio_registers *port, unsigned pin, uint32_t mode)
{
    port->moder = (port->moder & ~(3u << (2 * pin))) | mode << (2 * pin);
}

void pin_set(struct gpio_registers *port, unsigned pin, bool level)
{
    port->bsrr = BIT(level ? pin : pin + 16);
}

void pin_output(struct gpio_registers *port, unsigned pin, bool level)
{
    pin_set(port, pin, level); /* before the mode, so that no other level shows */
    pin_mode(port, pin, MODE_OUTPUT);
}

void pin_alternate(struct gpio_registers *port, unsigned pin, unsigned function)
{
    volatile uint32_t *afr = pin < 8 ? &port->afrl : &port->afrh;
    unsigned shift = 4 * (pin % 8);
    *afr = (*afr & ~(0xFu << shift)) | function << shift;
    pin_mode(port, pin, MODE_ALTERNATE);
}

void pins_init(void)
{
    RCC->ahb1enr |= RCC_AHB1ENR_GPIOA | RCC_AHB1ENR_GPIOB;
    pin_output(GPIOA, PIN_LED_BLUE, false);
    pin_output(GPIOB, PIN_MODEM_POWER, true);
    pin_output(GPIOB, PIN_MODEM_RESET, true);
    pin_output(GPIOB, PIN_WATCHDOG, false);
}

void board_led(enum board_led colour)
{
    pin_set(GPIOA, PIN_LED_BLUE, colour == LED_BLUE);
}

void board_modem_power_pin(bool high)
{
    pin_set(GPIOB, PIN_MODEM_POWER, high);
}

void board_modem_reset_pin(bool high)
{
    pin_set(GPIOB, PIN_MODEM_RESET, high);
}

void board_external_watchdog_kick(void)
{
    pin_set(GPIOB, PIN_WATCHDOG, true);
    pin_set(GPIOB, PIN_WATCHDOG, false);
}
