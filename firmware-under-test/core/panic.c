#include "panic.h"

#include "boot_flags.h"
#include "console.h"

void panic(uint32_t code)
{
    struct console_line line = console_line("panic");
    console_number(&line, "code", code);
    console_send(&line);
    boot_reset(RESET_PANIC);
}
