#include "modem_uart.h"

bool modem_uart_has_data(void)
{
    return false;
}

void modem_uart_release(void)
{
}
