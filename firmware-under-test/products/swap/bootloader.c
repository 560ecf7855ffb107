/* The bootloader: carries out what the trailers ask for, checks slot 0 and starts it. */
#include <stddef.h>

#include "core/board.h"
#include "core/console.h"
#include "decide.h"
#include "image.h"
#include "layout.h"
#include "swap.h"

enum { NAP_MS = 60000 };

void image_main(void);

static void say(const char *word, const char *type)
{
    struct console_line line = console_line("boot");
    console_word(&line, word);
    if (type != NULL)
        console_text(&line, "type", type);
    console_send(&line);
}

static const char *name_of(enum swap_type type)
{
    return type == SWAP_PERMANENT ? "permanent" : "test";
}

/* An update that does not check is forgotten. */
static void start(void)
{
    if (!image_valid(SLOT1_START)) {
        say("refused", NULL);
        trailer_erase(SLOT1_START);
        return;
    }
    enum swap_type type = swap_requested();
    uint32_t size = swap_begin(type);
    say("swap", name_of(type));
    swap_run(type, size);
    say("swap-done", NULL);
}

/* A revert is a permanent swap that nobody staged. Without a sound image to go back to there is
 * none. */
static void revert(void)
{
    if (!image_valid(SLOT1_START))
        return;
    say("revert", NULL);
    swap_prepare_revert();
    start();
}

static void carry_out(void)
{
    struct trailer slot0 = trailer_read(SLOT0_START);
    struct trailer slot1 = trailer_read(SLOT1_START);
    switch (decide(&slot0, &slot1, swap_requested())) {
    case DECIDE_RESUME:
        say("swap-resumed", name_of(slot0.type));
        swap_resume(&slot0);
        say("swap-done", NULL);
        /* What ended may have been an older swap, whose trailer was about to be erased. */
        if (swap_requested() != SWAP_NONE)
            start();
        break;
    case DECIDE_START:
        start();
        break;
    case DECIDE_REVERT:
        revert();
        break;
    case DECIDE_BOOT:
        break;
    }
}

static void leave_for(const struct image_header *header)
{
    struct console_line line = console_line("boot");
    console_word(&line, "image");
    console_number(&line, "ver", header->major);
    console_send(&line);
    board_jump(SLOT0_START + header->header_size);
}

void image_main(void)
{
    board_init();
    say("start", NULL);
    carry_out();
    if (image_valid(SLOT0_START))
        leave_for(image_header_of(SLOT0_START));
    say("no-image", NULL);
    for (;;)
        board_sleep_until(board_millis() + NAP_MS);
}
