/* Who feeds the product's external watchdog, which cuts the power of everything after ten minutes
 * without a pulse. The user application does, in its loop. One of watchdog_{user,system}.c is
 * linked: the second adds the system, for when the application does not run. */
#ifndef ELECTRON_WATCHDOG_POLICY_H
#define ELECTRON_WATCHDOG_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct watchdog_policy {
    bool was_kicked;
    uint32_t kicked_ms;
};

/* Called whenever the system waits. `unattended`: no application runs, or an update does. */
void watchdog_policy_step(struct watchdog_policy *policy, bool unattended, uint32_t now);
/* Called once right before the reset that applies an update. */
void watchdog_policy_before_update(void);

#endif
