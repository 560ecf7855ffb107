/* USART1 on PA9 (TX) and PA10 (RX): 115200 8N1, transmitter only, polled. */
#ifndef STM32F205_CONSOLE_UART_H
#define STM32F205_CONSOLE_UART_H

#include <stdint.h>

void console_uart_init(uint32_t apb2_hz);
/* Returns when the last bit has left the pin. */
void console_uart_flush(void);

#endif
