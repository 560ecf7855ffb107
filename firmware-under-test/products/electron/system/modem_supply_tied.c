#include "modem_command.h"
#include "modem_supply.h"

/* PWR_ON is tied: the modem switches itself on with its supply, and answers when it is ready. */
void modem_supply_wake(struct modem *modem)
{
    (void)modem;
}

/* The modem restarts by itself, with its settings back to what is stored (u-blox UBX-13002752,
 * +CFUN). One that does not answer to this either gets nothing better. */
void modem_supply_reset(struct modem *modem)
{
    (void)modem_ok(modem, "AT+CFUN=16");
}
