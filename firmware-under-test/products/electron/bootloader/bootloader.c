/* The bootloader: says why it runs, applies what is pending, and starts the system. */
#include <stddef.h>

#include "core/board.h"
#include "core/boot_flags.h"
#include "core/console.h"
#include "core/dct.h"
#include "core/module.h"
#include "core/text.h"
#include "job.h"
#include "pending.h"
#include "products/electron/layout.h"

enum { SYSTEM_WATCHDOG_MS = 5000, DFU_NAP_MS = 60000 };

void image_main(void);

/* 604 is 0.6.4. */
static void write_version(struct text *text, uint16_t version)
{
    text_add_number(text, version / 1000u);
    text_add(text, ".");
    text_add_number(text, version / 100u % 10u);
    text_add(text, ".");
    text_add_number(text, version % 100u);
}

static void say_boot(enum reset_reason reason, enum boot_rung rung)
{
    char version[16];
    struct text text = text_in(version, sizeof version);
    const struct module_info *self = module_find(BOOTLOADER_START);
    write_version(&text, self == NULL ? 0 : self->version);
    struct console_line line = console_line("bootloader");
    console_text(&line, "ver", version);
    console_text(&line, "reset", reset_reason_name(reason));
    console_number(&line, "retry", rung);
    console_send(&line);
}

/* Waits for a local tool. The watchdog has not been started: nothing ends this but a reset. */
static void __attribute__((noreturn)) wait_for_tool(const char *reason)
{
    struct console_line line = console_line("bootloader");
    console_word(&line, "dfu");
    console_text(&line, "reason", reason);
    console_send(&line);
    for (;;)
        board_sleep_until(board_millis() + DFU_NAP_MS);
}

static void restore_factory(void)
{
    const struct module_info *factory = module_find(FACTORY_START);
    if (module_validate(FACTORY_START, &electron_modules) != MODULE_VALID ||
        factory->function != MODULE_USER)
        return;
    struct module_copy copy = module_copy_of(FACTORY_START, USER_START);
    (void)job_copy(&copy, "factory");
}

static void start_system(void)
{
    const struct module_info *system = module_find(SYSTEM_START);
    if (module_validate(SYSTEM_START, &electron_modules) != MODULE_VALID ||
        system->function != MODULE_SYSTEM)
        wait_for_tool("no-system");
    board_watchdog_start(SYSTEM_WATCHDOG_MS);
    board_jump(SYSTEM_START);
}

void image_main(void)
{
    static struct dct dct;
    board_init();
    enum reset_reason reason = boot_determine_reason();
    enum boot_rung rung = boot_climb(reason);
    enum boot_request request = boot_take_request();
    say_boot(reason, rung);
    if (rung == RUNG_DFU || request == BOOT_DFU)
        wait_for_tool(rung == RUNG_DFU ? "retries" : "requested");
    dct_open(&dct, DCT_FIRST_SECTOR, DCT_SECOND_SECTOR);
    pending_apply(&dct);
    if (rung == RUNG_FACTORY || request == BOOT_FACTORY_RESET)
        restore_factory();
    start_system();
}
