#include "core/board.h"
#include "core/boot_flags.h"
#include "network.h"
#include "system.h"

void image_main(void);

void image_main(void)
{
    struct system *system = &electron_system;
    board_init();
    board_watchdog_feed();
    system_boot(system);
    modem_init(&system->modem, system_wait);
    system_start_application(system);
    boot_confirm();
    network_run(system);
}
