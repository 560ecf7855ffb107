#include "uart.h"

/* The emulated UART counts its divisor from 115200 baud. */
enum { DIVISOR = 1 };

void uart_init(struct uart_registers *uart)
{
    uart->ier = 0;
    uart->lcr = UART_LCR_8N1 | UART_LCR_DLAB;
    uart->data = DIVISOR;
    uart->ier = 0;
    uart->lcr = UART_LCR_8N1;
    uart->fcr = UART_FCR_ON;
}

void uart_flush(const struct uart_registers *uart)
{
    while ((uart->lsr & UART_LSR_TEMT) == 0) {
    }
}
