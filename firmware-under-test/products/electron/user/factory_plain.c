/* The factory copy as it often is: it knows nothing of the SIM that was put in later. */
#include "application.h"

void application_setup(void)
{
    report_start("off", "");
}

void application_loop(void)
{
    feed_external_watchdog();
}
