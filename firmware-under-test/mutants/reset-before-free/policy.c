/* Planted defect: resets into the new module right after the copy, before the slot is freed: every
 * boot copies again. The boot loop that device-os 0.7.0 feared when it chose to free slots first.
 * Replaces bootloader/policy_2_0_0.c. */
#include "products/electron/bootloader/policy.h"
#include "core/boot_flags.h"

void policy_apply(const struct slot_job *job)
{
    if (slot_job_copy(job))
        boot_reset(RESET_UPDATE);
    slot_job_forget(job);
}
