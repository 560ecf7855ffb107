#include "core/board.h"
#include "uart.h"

void board_console_write(const char *text, uint32_t length)
{
    while (length > 0) {
        while ((UART0->lsr & UART_LSR_THRE) == 0) {
        }
        for (int room = UART_FIFO; room > 0 && length > 0; --room, --length)
            UART0->data = (uint8_t)*text++;
    }
}
