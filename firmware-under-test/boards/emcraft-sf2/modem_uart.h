/* UART1 to the modem, 115200 8N1: received by interrupt, sent polled. A bootloader links no_modem.c
 * instead, which never has data. */
#ifndef EMCRAFT_SF2_MODEM_UART_H
#define EMCRAFT_SF2_MODEM_UART_H

#include <stdbool.h>
#include <stdint.h>

/* Whether board_modem_read() would return something. */
bool modem_uart_has_data(void);
void modem_uart_release(void);
void irq_uart1(void);

#endif
