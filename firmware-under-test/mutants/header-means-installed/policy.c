/* Planted defect: when the destination already shows the header of the new module, the copy is
 * taken for made and the slot freed. A copy that was cut behind its first words never gets
 * finished. Resembles the header check of device-os 0.7.0, for which a module is there as soon as
 * its first words are. Replaces bootloader/policy_2_0_0.c. */
#include <stddef.h>

#include "core/memory.h"
#include "core/module.h"
#include "products/electron/bootloader/policy.h"

static bool is_installed(const struct module_copy *copy)
{
    const struct module_info *there = module_find(copy->to);
    return there != NULL && memcmp(there, module_find(copy->from), sizeof *there) == 0;
}

void policy_apply(const struct slot_job *job)
{
    if (is_installed(&job->copy) || slot_job_copy(job))
        slot_job_forget(job);
}
