set(stm32f205 boards/stm32f205)
set(BOARD_SOURCES
    ${stm32f205}/startup.c ${stm32f205}/board.c ${stm32f205}/clock.c ${stm32f205}/flash.c
    ${stm32f205}/time.c ${stm32f205}/console_uart.c ${stm32f205}/pins.c ${stm32f205}/watchdog.c
    ${stm32f205}/backup.c ${stm32f205}/reset.c)
set(BOARD_MODEM_SUPPLY modem_supply_pins)
