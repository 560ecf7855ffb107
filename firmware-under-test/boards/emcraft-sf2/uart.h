/* What console and modem UART have in common: 115200 8N1, FIFOs on. */
#ifndef EMCRAFT_SF2_UART_H
#define EMCRAFT_SF2_UART_H

#include "registers.h"

void uart_init(struct uart_registers *uart);
/* Returns when the last bit has left the pin. */
void uart_flush(const struct uart_registers *uart);

#endif
