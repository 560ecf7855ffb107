/* What core/ and products/ may ask of a board: the only hardware seam of the firmware.
 * One implementation per folder of boards/. Functions that can fail return 0 or a negative
 * enum board_error. Nothing here allocates. */
#ifndef CORE_BOARD_H
#define CORE_BOARD_H

#include <stdbool.h>
#include <stdint.h>

enum board_error {
    BOARD_OK = 0,
    BOARD_BAD_ADDRESS = -1,
    BOARD_NOT_PROGRAMMED = -2, /* the flash controller reported an error */
};

/* Numbers of Particle's device-os (core_hal.h, v0.7.0). */
enum reset_reason {
    RESET_UNKNOWN = 10,
    RESET_PIN = 20,
    RESET_POWER_DOWN = 40,
    RESET_BROWNOUT = 50,
    RESET_WATCHDOG = 60,
    RESET_UPDATE = 70,
    RESET_UPDATE_ERROR = 80,
    RESET_UPDATE_TIMEOUT = 90,
    RESET_FACTORY_RESET = 100,
    RESET_SAFE_MODE = 110,
    RESET_DFU = 120,
    RESET_PANIC = 130,
    RESET_USER = 140,
};

enum board_led { LED_OFF, LED_BLUE };

/* Clocks, pins, USART1 console, millisecond counter. Called once, first. */
void board_init(void);

/* Flash. Erase: the whole sector that holds `address`. Program: words, `length` a multiple of 4. */
int board_flash_erase(uint32_t address);
int board_flash_program(uint32_t address, const void *data, uint32_t length);
/* First address behind the sector that holds `address`; 0 outside the flash. */
uint32_t board_flash_sector_end(uint32_t address);
/* Where the flash at `address` can be read. Not the address itself everywhere: tests of core/ keep
 * their flash in an array. */
const void *board_flash_at(uint32_t address);

/* Milliseconds since board_init(); wraps after 49 days, compare by difference. */
uint32_t board_millis(void);
/* Sleeps until an interrupt (bytes from the modem included) or until board_millis() reaches
 * `deadline_ms`, whichever comes first. May return early. */
void board_sleep_until(uint32_t deadline_ms);

void board_console_write(const char *text, uint32_t length);

/* Modem UART (USART3, 115200 8N1, RTS/CTS). Read returns what has arrived, 0 when nothing has. */
void board_modem_init(void);
uint32_t board_modem_read(uint8_t *to, uint32_t capacity);
void board_modem_write(const void *data, uint32_t length);
/* Levels of PWR_UC and RESET_UC (both idle high). */
void board_modem_power_pin(bool high);
void board_modem_reset_pin(bool high);

void board_led(enum board_led colour);
/* One pulse on the pin that the product's external watchdog listens to. */
void board_external_watchdog_kick(void);
/* Independent watchdog; once started it cannot be stopped but by a reset. */
void board_watchdog_start(uint32_t timeout_ms);
void board_watchdog_feed(void);

/* Backup registers, index 0..19 (RTC_BKPxR): survive a reset, not the loss of VBAT. */
uint32_t board_backup_read(unsigned index);
void board_backup_write(unsigned index, uint32_t value);

/* From RCC_CSR alone: POWER_DOWN, BROWNOUT, PIN, WATCHDOG, or USER for a software reset. Clears the
 * flags, so it answers once. */
enum reset_reason board_reset_cause(void);
void board_reset(void) __attribute__((noreturn));
/* Leaves for another image: its vector table is at `address`; interrupts are off and pending ones
 * cleared on entry, peripherals used here are released. */
void board_jump(uint32_t address) __attribute__((noreturn));
void board_device_id(uint8_t id[12]);

#endif
