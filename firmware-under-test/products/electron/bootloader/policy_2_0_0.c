#include "policy.h"

enum { ATTEMPTS = 3 };

/* device-os 2.0.0 (pull request 2176): the slot is freed only when the copy was made and verified.
 * A copy that fails is tried again, now and at the next boot. */
void policy_apply(const struct slot_job *job)
{
    for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
        if (slot_job_copy(job)) {
            slot_job_forget(job);
            return;
        }
    }
}
