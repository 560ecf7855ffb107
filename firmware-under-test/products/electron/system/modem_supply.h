/* How the product switches its modem on and resets it. One of modem_supply_{pins,tied}.c is linked:
 * the first has the modem's PWR_ON and RESET_N on pins, the second has a modem that is on whenever
 * it has power, and nothing but its UART. */
#ifndef ELECTRON_MODEM_SUPPLY_H
#define ELECTRON_MODEM_SUPPLY_H

#include "modem.h"

/* A modem that is on is not bothered. */
void modem_supply_wake(struct modem *modem);
/* Costs all that the modem had configured, the APN with it. */
void modem_supply_reset(struct modem *modem);

#endif
