#include "pending.h"

#include "core/boot_flags.h"
#include "core/console.h"
#include "core/slots.h"
#include "policy.h"
#include "slot_check.h"

static void drop(const struct slot_job *job, enum module_state state)
{
    struct console_line line = console_line("bootloader");
    console_number(&line, "slot", job->slot);
    console_word(&line, "dropped");
    console_text(&line, "reason", module_state_name(state));
    console_send(&line);
    slot_job_forget(job);
}

static void apply(struct dct *dct, unsigned index)
{
    const struct slot *slot = slot_at(dct, index);
    struct slot_job job = {.dct = dct, .slot = index};
    enum module_state state = slot_check(slot);
    if (state != MODULE_VALID) {
        drop(&job, state);
        return;
    }
    job.copy = module_copy_of(slot->source, slot->destination);
    policy_apply(&job);
}

void pending_apply(struct dct *dct)
{
    for (unsigned i = SLOT_FIRST_UPDATE; i < SLOT_COUNT; ++i) {
        if (slot_at(dct, i)->magic == SLOT_PENDING)
            apply(dct, i);
    }
    if (boot_ota() == OTA_DONE)
        boot_set_ota(OTA_NONE);
}
