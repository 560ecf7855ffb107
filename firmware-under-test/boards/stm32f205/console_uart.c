#include "console_uart.h"

#include "core/board.h"
#include "pins.h"
#include "registers.h"

enum { BAUD = 115200 };

void console_uart_init(uint32_t apb2_hz)
{
    RCC->apb2enr |= RCC_APB2ENR_USART1;
    pin_alternate(GPIOA, 9, 7);
    pin_alternate(GPIOA, 10, 7);
    USART1->cr1 = 0;
    USART1->brr = (apb2_hz + BAUD / 2) / BAUD;
    USART1->cr1 = USART_CR1_UE | USART_CR1_TE;
}

void board_console_write(const char *text, uint32_t length)
{
    for (; length > 0; --length) {
        while ((USART1->sr & USART_SR_TXE) == 0) {
        }
        USART1->dr = (uint8_t)*text++;
    }
}

void console_uart_flush(void)
{
    while ((USART1->sr & USART_SR_TC) == 0) {
    }
}
