#include "core/board.h"

#include "cpu.h"
#include "nor.h"
#include "time.h"
#include "uart.h"
#include "watchdog.h"

void board_init(void)
{
    uart_init(UART0);
    nor_init();
    time_init();
    watchdog_init();
    cpu_interrupts_on();
}
