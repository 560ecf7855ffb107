#include "boot_flags.h"

void boot_reset(enum reset_reason reason)
{
    board_backup_write(BACKUP_REQUESTED_REASON, reason);
    board_reset();
}

void boot_reset_into(enum boot_request request, enum reset_reason reason)
{
    board_backup_write(BACKUP_BOOT, request);
    boot_reset(reason);
}

bool boot_take_safe_mode(void)
{
    if (board_backup_read(BACKUP_BOOT) != BOOT_SAFE_MODE)
        return false;
    board_backup_write(BACKUP_BOOT, BOOT_NORMAL);
    return true;
}

enum reset_reason boot_reason(void)
{
    uint32_t reason = board_backup_read(BACKUP_REASON);
    return reason == 0 ? RESET_UNKNOWN : (enum reset_reason)reason;
}

static bool on_ladder(uint32_t value)
{
    return value >= RUNG_BACKUP && value <= RUNG_DFU;
}

void boot_confirm(void)
{
    if (on_ladder(board_backup_read(BACKUP_BOOT)))
        board_backup_write(BACKUP_BOOT, BOOT_NORMAL);
}

void boot_set_ota(enum ota_flag flag)
{
    board_backup_write(BACKUP_OTA, flag);
}

enum ota_flag boot_ota(void)
{
    return (enum ota_flag)board_backup_read(BACKUP_OTA);
}

enum reset_reason boot_determine_reason(void)
{
    enum reset_reason reason = board_reset_cause();
    uint32_t requested = board_backup_read(BACKUP_REQUESTED_REASON);
    if (reason == RESET_USER && requested != 0)
        reason = (enum reset_reason)requested;
    board_backup_write(BACKUP_REQUESTED_REASON, 0);
    board_backup_write(BACKUP_REASON, reason);
    return reason;
}

enum boot_rung boot_climb(enum reset_reason reason)
{
    uint32_t value = board_backup_read(BACKUP_BOOT);
    if (reason != RESET_WATCHDOG && reason != RESET_PANIC) {
        if (on_ladder(value))
            board_backup_write(BACKUP_BOOT, BOOT_NORMAL);
        return RUNG_NONE;
    }
    uint32_t rung = on_ladder(value) ? value + 1 : RUNG_BACKUP;
    if (rung > RUNG_DFU)
        rung = RUNG_DFU;
    board_backup_write(BACKUP_BOOT, rung);
    return (enum boot_rung)rung;
}

enum boot_request boot_take_request(void)
{
    uint32_t value = board_backup_read(BACKUP_BOOT);
    if (value == BOOT_FACTORY_RESET || value == BOOT_DFU) {
        board_backup_write(BACKUP_BOOT, BOOT_NORMAL);
        return (enum boot_request)value;
    }
    return value == BOOT_SAFE_MODE ? BOOT_SAFE_MODE : BOOT_NORMAL;
}

const char *reset_reason_name(enum reset_reason reason)
{
    switch (reason) {
    case RESET_PIN:
        return "pin";
    case RESET_POWER_DOWN:
        return "power_down";
    case RESET_BROWNOUT:
        return "brownout";
    case RESET_WATCHDOG:
        return "watchdog";
    case RESET_UPDATE:
        return "update";
    case RESET_UPDATE_ERROR:
        return "update_error";
    case RESET_UPDATE_TIMEOUT:
        return "update_timeout";
    case RESET_FACTORY_RESET:
        return "factory_reset";
    case RESET_SAFE_MODE:
        return "safe_mode";
    case RESET_DFU:
        return "dfu";
    case RESET_PANIC:
        return "panic";
    case RESET_USER:
        return "user";
    default:
        return "unknown";
    }
}
