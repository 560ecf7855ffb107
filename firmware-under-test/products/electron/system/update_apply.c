#include "update_apply.h"

#include <stddef.h>

#include "core/board.h"
#include "core/console.h"
#include "core/module_copy.h"
#include "core/slots.h"
#include "products/electron/layout.h"

enum { DIRECT_ATTEMPTS = 3 };

const char *update_module_name(uint32_t address)
{
    for (unsigned i = 0; i < electron_modules.count; i++) {
        if (electron_modules.regions[i].start == address) {
            return module_function_name(electron_modules.regions[i].function);
        }
    }
    return "unknown";
}

/* The server announced an address and a length; a module that says otherwise is not the one. */
static enum module_state check(const struct update_receiver *receiver)
{
    enum module_state state = module_validate(receiver->area.start, &electron_modules);
    if (state != MODULE_VALID) {
        return state;
    }
    const struct module_info *info = module_find(receiver->area.start);
    bool is_announced =
        info->start == receiver->destination && module_length(info) == receiver->length;
    return is_announced ? MODULE_VALID : MODULE_OUT_OF_RANGE;
}

static enum cloud_result result_of(enum module_state state)
{
    switch (state) {
    case MODULE_VALID:
        return CLOUD_RESULT_OK;
    case MODULE_BAD_CRC:
        return CLOUD_RESULT_CRC;
    case MODULE_WRONG_PLATFORM:
        return CLOUD_RESULT_PLATFORM;
    case MODULE_OUT_OF_RANGE:
        return CLOUD_RESULT_RANGE;
    case MODULE_NO_HEADER:
        break;
    }
    return CLOUD_RESULT_HEADER;
}

static void report_direct(const char *word)
{
    struct console_line line = console_line("update");
    console_word(&line, word);
    console_text(&line, "module", "bootloader");
    console_send(&line);
}

static int replace_bootloader(uint32_t source)
{
    struct module_copy copy = module_copy_of(source, BOOTLOADER_START);
    int error = BOARD_NOT_PROGRAMMED;
    report_direct("direct");
    for (int attempt = 0; attempt < DIRECT_ATTEMPTS && error != BOARD_OK; attempt++) {
        board_watchdog_feed();
        error = module_copy_run(&copy);
    }
    board_watchdog_feed();
    if (error == BOARD_OK) {
        report_direct("direct-done");
    }
    return error;
}

static int leave_to_bootloader(struct dct *dct, uint32_t source)
{
    struct slot slot = slot_for_module(source);
    int index = slot_put(dct, &slot);
    if (index < 0) {
        return index;
    }
    struct console_line line = console_line("update");
    console_word(&line, "pending");
    console_number(&line, "slot", (uint32_t)index);
    console_text(&line, "module", module_function_name(slot.function));
    console_send(&line);
    return BOARD_OK;
}

enum cloud_result update_apply(struct dct *dct, const struct update_receiver *receiver)
{
    uint32_t source = receiver->area.start;
    enum module_state state = check(receiver);
    struct console_line line = console_line("update");
    console_word(&line, "verify");
    console_text(&line, "result", module_state_name(state));
    console_send(&line);
    if (state != MODULE_VALID) {
        return result_of(state);
    }
    int error = module_find(source)->function == MODULE_BOOTLOADER
                    ? replace_bootloader(source)
                    : leave_to_bootloader(dct, source);
    /* No code of the protocol says that our own flash failed; the image is as good as damaged. */
    return error == BOARD_OK ? CLOUD_RESULT_OK : CLOUD_RESULT_CRC;
}
