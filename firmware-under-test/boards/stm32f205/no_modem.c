#include "modem_uart.h"

void modem_uart_clock(uint32_t apb1_hz)
{
    (void)apb1_hz;
}

bool modem_uart_has_data(void)
{
    return false;
}

void modem_uart_release(void)
{
}
