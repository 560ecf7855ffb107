#include "core/board.h"
#include "core/boot_flags.h"
#include "products/electron/system/network.h"
#include "products/electron/system/system.h"
#include "status.h"

void image_main(void);

void image_main(void)
{
    struct system *system = &electron_system;
    board_init();
    board_watchdog_feed();
    status_say_storage("Device booting");
    system_boot(system);
    modem_init(&system->modem, system_wait);
    system_start_application(system);
    boot_confirm();
    network_run(system);
}
