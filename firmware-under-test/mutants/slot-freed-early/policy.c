/* Planted defect: the slot is freed before the copy, so nothing remembers an interrupted one.
 * The bug of device-os 0.7.0 to 2.0.0-rc.1, repaired by its pull request 2176. Replaces
 * bootloader/policy_2_0_0.c. */
#include "products/electron/bootloader/policy.h"

void policy_apply(const struct slot_job *job)
{
    slot_job_forget(job);
    for (int attempt = 0; attempt < 3; ++attempt) {
        if (slot_job_copy(job))
            return;
    }
}
