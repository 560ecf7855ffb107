/* The application: tells its version and stays. */
#include "application.h"

#include "core/board.h"
#include "core/console.h"
#include "image.h"
#include "layout.h"

enum { NAP_MS = 60000 };

void image_main(void);

static void say(const char *word)
{
    const struct image_header *self = board_flash_at(SLOT0_START);
    struct console_line line = console_line("app");
    console_word(&line, word);
    console_number(&line, "ver", self->major);
    console_send(&line);
}

void image_main(void)
{
    board_init();
    say("start");
    application_works();
    say("online");
    for (;;)
        board_sleep_until(board_millis() + NAP_MS);
}
