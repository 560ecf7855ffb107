/* The mitigation of the second field report: the system feeds in safe mode and during an update,
 * and once more before the reset, so that the bootloader's copy has the whole ten minutes. */
#include "core/board.h"
#include "watchdog_policy.h"

enum { INTERVAL_MS = 30 * 1000 };

void watchdog_policy_step(struct watchdog_policy *policy, bool unattended, uint32_t now)
{
    if (!unattended || (policy->was_kicked && now - policy->kicked_ms < INTERVAL_MS)) {
        return;
    }
    board_external_watchdog_kick();
    policy->was_kicked = true;
    policy->kicked_ms = now;
}

void watchdog_policy_before_update(void)
{
    board_external_watchdog_kick();
}
