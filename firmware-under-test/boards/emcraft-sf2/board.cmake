set(sf2 boards/emcraft-sf2)
set(BOARD_SOURCES
    ${sf2}/startup.c ${sf2}/board.c ${sf2}/flash.c ${sf2}/nor.c ${sf2}/time.c ${sf2}/uart.c
    ${sf2}/console_uart.c ${sf2}/pins.c ${sf2}/watchdog.c ${sf2}/backup.c ${sf2}/reset.c
    ${sf2}/mirror.c ${sf2}/vectors.c)

firmware_link(NAME boot-rom LINKER ${FIRMWARE_ROOT}/${sf2}/boot_rom.ld
              SOURCES ${sf2}/boot_rom.c ${sf2}/mirror.c ${sf2}/nor.c ${sf2}/vectors.c)
set(BOARD_ROM boot-rom.elf)
set(BOARD_MODEM_SUPPLY modem_supply_tied)
