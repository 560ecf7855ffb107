/* USART3 to the modem: PB10 TX, PB11 RX, PB13 CTS, PB14 RTS, 115200 8N1, both directions by DMA.
 * A bootloader links no_modem.c instead, which never has data. */
#ifndef STM32F205_MODEM_UART_H
#define STM32F205_MODEM_UART_H

#include <stdbool.h>
#include <stdint.h>

/* Clock of the bus that the USART hangs on, for board_modem_init(). */
void modem_uart_clock(uint32_t apb1_hz);
/* Whether board_modem_read() would return something. */
bool modem_uart_has_data(void);
void modem_uart_release(void);
void irq_usart3(void);
void irq_dma1_stream3(void);

#endif
