#include "core/board.h"

#include "clock.h"
#include "console_uart.h"
#include "cpu.h"
#include "modem_uart.h"
#include "pins.h"
#include "time.h"

void board_init(void)
{
    struct clock_rates rates = clock_init();
    pins_init();
    console_uart_init(rates.apb2);
    modem_uart_clock(rates.apb1);
    time_init(rates.timer);
    cpu_interrupts_on();
}
