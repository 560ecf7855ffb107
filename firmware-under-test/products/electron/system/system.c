#include "system.h"

#include "apn_source.h"
#include "core/boot_flags.h"
#include "core/console.h"
#include "core/memory.h"
#include "products/electron/system_api.h"

enum {
    LOOP_INTERVAL_MS = 1000,
    LONGEST_WAIT_MS = 2000, /* the independent watchdog wants to be fed within 5 s */
};

struct system electron_system;

static uint16_t version_at(uint32_t address)
{
    const struct module_info *info = module_find(address);
    return info != NULL ? info->version : 0;
}

static void add_user(struct console_line *line, const struct user_check *user)
{
    if (user->is_whole) {
        console_number(line, "user", user->version);
    } else {
        console_text(line, "user", "none");
    }
}

static const char *mode_name(const struct system *system)
{
    return system->safe_mode ? "safe" : "normal";
}

static void report_boot(const struct system *system)
{
    struct console_line line = console_line("system");
    console_number(&line, "ver", version_at(SYSTEM_START));
    console_text(&line, "mode", mode_name(system));
    add_user(&line, &system->user);
    console_text(&line, "user_state", user_state_name(system->user.state));
    console_text(&line, "apn_store", apn_source_store(&system->dct));
    console_send(&line);
}

void system_report_online(const struct system *system)
{
    struct console_line line = console_line("online");
    console_text(&line, "mode", mode_name(system));
    add_user(&line, &system->user);
    console_number(&line, "system", version_at(SYSTEM_START));
    console_number(&line, "bootloader", version_at(BOOTLOADER_START));
    console_send(&line);
}

const char *system_safe_mode_event(const struct system *system)
{
    static const char *const events[] = {
        [USER_OK] = "spark/device/safemode=requested",
        [USER_INVALID] = "spark/device/safemode=invalid",
        [USER_CRC] = "spark/device/safemode=crc",
        [USER_NEEDS_SYSTEM] = "spark/device/safemode=needs-system",
        [USER_FACTORY_RESTORE] = "spark/device/safemode=factory-restore",
    };
    return events[system->user.state];
}

void system_boot(struct system *system)
{
    memset(system, 0, sizeof *system);
    dct_open(&system->dct, DCT_FIRST_SECTOR, DCT_SECOND_SECTOR);
    system->reset_reason = boot_reason();
    system->user = user_check();
    system->safe_mode = boot_take_safe_mode() || system->user.state != USER_OK;
    report_boot(system);
    if (system->user.state == USER_FACTORY_RESTORE) {
        boot_reset_into(BOOT_FACTORY_RESET, RESET_FACTORY_RESET);
    }
    system->loop_ms = board_millis();
}

void system_start_application(struct system *system)
{
    if (!system->safe_mode) {
        USER_ENTRY->ram_init();
        USER_ENTRY->setup();
    }
}

static void run_application(struct system *system, uint32_t now)
{
    if (!system->safe_mode && (int32_t)(now - system->loop_ms) >= 0) {
        system->loop_ms = now + LOOP_INTERVAL_MS;
        USER_ENTRY->loop();
    }
}

static uint32_t earlier(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0 ? a : b;
}

void system_wait(uint32_t deadline_ms)
{
    struct system *system = &electron_system;
    uint32_t now = board_millis();
    board_watchdog_feed();
    run_application(system, now);
    bool unattended = system->safe_mode || updater_is_busy(&system->updater);
    watchdog_policy_step(&system->watchdog, unattended, now);
    uint32_t until = earlier(deadline_ms, now + LONGEST_WAIT_MS);
    board_sleep_until(system->safe_mode ? until : earlier(until, system->loop_ms));
}
