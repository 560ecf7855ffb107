/* What bootloader and system tell each other in the backup registers. They survive a reset and are
 * lost with the power, so every one of them must be dispensable.
 *
 *   BKP_DR1   ladder of failed boots (1, 2, 3), or a request for the next boot
 *   BKP_DR2   reset reason requested by the system before a software reset
 *   BKP_DR3   reset reason of this boot, left by the bootloader for the system
 *   BKP_DR10  over-the-air update: 0x5555 started, 0x0005 done */
#ifndef CORE_BOOT_FLAGS_H
#define CORE_BOOT_FLAGS_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"

enum { BACKUP_BOOT = 1, BACKUP_REQUESTED_REASON = 2, BACKUP_REASON = 3, BACKUP_OTA = 10 };

enum boot_request {
    BOOT_NORMAL = 0,
    BOOT_SAFE_MODE = 0x5AFE,
    BOOT_FACTORY_RESET = 0xFAC7,
    BOOT_DFU = 0xEDFA,
};

/* Rungs of the ladder, one for each failed boot in a row. */
enum boot_rung {
    RUNG_NONE = 0,
    RUNG_BACKUP = 1,  /* boot again; a slot that is still pending is copied again */
    RUNG_FACTORY = 2, /* restore the factory image, when there is a valid one */
    RUNG_DFU = 3,     /* wait for a local tool */
};

enum ota_flag { OTA_NONE = 0, OTA_STARTED = 0x5555, OTA_DONE = 0x0005 };

/* --- for the system ------------------------------------------------------------------------- */

/* Records why, then resets. The next boot line shows `reason`. */
void boot_reset(enum reset_reason reason) __attribute__((noreturn));
/* The same with a request that the next boot obeys. */
void boot_reset_into(enum boot_request request, enum reset_reason reason) __attribute__((noreturn));
/* Whether the next thing to run is the system without the user application. Answers once. */
bool boot_take_safe_mode(void);
/* Why this boot happened (RESET_UNKNOWN when no bootloader left it). */
enum reset_reason boot_reason(void);
/* The system runs well: the ladder starts at the bottom again. */
void boot_confirm(void);
void boot_set_ota(enum ota_flag flag);
enum ota_flag boot_ota(void);

/* --- for the bootloader --------------------------------------------------------------------- */

/* The reason of this boot, from the hardware and from what the system asked for; leaves it for the
 * system. Called once a boot. */
enum reset_reason boot_determine_reason(void);
/* Climbs one rung when the last boot failed (watchdog, panic); stays otherwise. */
enum boot_rung boot_climb(enum reset_reason reason);
/* The request of the last run. All but BOOT_SAFE_MODE, which is the system's, are cleared. */
enum boot_request boot_take_request(void);

/* Console word of a reason: "power_down", "watchdog", ... */
const char *reset_reason_name(enum reset_reason reason);

#endif
