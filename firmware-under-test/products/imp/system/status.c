#include "status.h"

#include "core/board.h"
#include "core/text.h"

enum { LINE = 120 };

static void send(struct text *line)
{
    text_add(line, "\r\n");
    board_console_write(line->at, line->length);
}

void status_say(const char *text)
{
    char characters[LINE];
    struct text line = text_in(characters, sizeof characters);
    text_add(&line, "[Status] ");
    text_add(&line, text);
    send(&line);
}

/* The program of this product is 1042 bytes of the 64 KB that the original has for one. */
void status_say_storage(const char *text)
{
    char characters[LINE];
    struct text line = text_in(characters, sizeof characters);
    text_add(&line, "[Status] ");
    text_add(&line, text);
    text_add(&line, "; 1.59% program storage used");
    send(&line);
}

void status_say_disconnected(uint32_t sent, uint32_t received)
{
    char characters[LINE];
    struct text line = text_in(characters, sizeof characters);
    text_add(&line, "[Status] Device disconnected; ");
    text_add_number(&line, sent);
    text_add(&line, " bytes sent, ");
    text_add_number(&line, received);
    text_add(&line, " received, ");
    text_add_number(&line, sent + received);
    text_add(&line, " total");
    send(&line);
}
