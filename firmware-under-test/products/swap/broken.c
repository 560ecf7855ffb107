/* Does not work: never gets as far as being online. */
#include "application.h"
#include "core/board.h"

enum { NAP_MS = 60000 };

void application_works(void)
{
    for (;;)
        board_sleep_until(board_millis() + NAP_MS);
}
