/* The machine has no pins: no LED, nobody that hears a watchdog pulse, and a modem that is powered
 * with its domain. */
#include "core/board.h"

void board_led(enum board_led colour)
{
    (void)colour;
}

void board_modem_power_pin(bool high)
{
    (void)high;
}

void board_modem_reset_pin(bool high)
{
    (void)high;
}

void board_external_watchdog_kick(void)
{
}
