/* As device-os: the external watchdog is the user application's own affair. */
#include "watchdog_policy.h"

void watchdog_policy_step(struct watchdog_policy *policy, bool unattended, uint32_t now)
{
    (void)policy, (void)unattended, (void)now;
}

void watchdog_policy_before_update(void)
{
}
