#include "policy.h"

/* device-os 0.6.4: the slot lives until the copy has been made, so a cut in between is made good by
 * the next boot. Nobody looks at the result of the copy. */
void policy_apply(const struct slot_job *job)
{
    (void)slot_job_copy(job);
    slot_job_forget(job);
}
