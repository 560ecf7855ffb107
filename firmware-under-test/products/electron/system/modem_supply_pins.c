#include "core/board.h"
#include "modem_command.h"
#include "modem_supply.h"

enum { RESET_MS = 100 };

/* 50..80 us switches a SARA-U2 on, 150 ms a SARA-R4. */
void modem_supply_wake(struct modem *modem)
{
    static const uint16_t low_then_high_ms[][2] = {{50, 10}, {150, 100}};
    for (unsigned i = 0; i < 2; i++) {
        board_modem_power_pin(false);
        modem_pause(modem, low_then_high_ms[i][0]);
        board_modem_power_pin(true);
        modem_pause(modem, low_then_high_ms[i][1]);
    }
}

void modem_supply_reset(struct modem *modem)
{
    board_modem_reset_pin(false);
    modem_pause(modem, RESET_MS);
    board_modem_reset_pin(true);
}
