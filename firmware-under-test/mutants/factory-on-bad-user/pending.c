/* Planted defect: a user module that is not sound at boot is replaced by the factory image, and the
 * update that was about to repair it is forgotten. What the author of the second field report
 * assumed had happened to him. Replaces bootloader/pending.c; the product has a factory image. */
#include "products/electron/bootloader/pending.h"

#include "core/slots.h"
#include "products/electron/bootloader/policy.h"
#include "products/electron/bootloader/slot_check.h"
#include "products/electron/layout.h"

static void apply(struct dct *dct, unsigned index)
{
    const struct slot *slot = slot_at(dct, index);
    struct slot_job job = {.dct = dct, .slot = index};
    if (slot_check(slot) != MODULE_VALID) {
        slot_job_forget(&job);
        return;
    }
    job.copy = module_copy_of(slot->source, slot->destination);
    policy_apply(&job);
}

static void restore_factory(struct dct *dct, unsigned index)
{
    struct module_copy copy = module_copy_of(FACTORY_START, USER_START);
    (void)job_copy(&copy, "factory");
    (void)slot_clear(dct, index);
}

void pending_apply(struct dct *dct)
{
    for (unsigned i = SLOT_FIRST_UPDATE; i < SLOT_COUNT; ++i) {
        if (slot_at(dct, i)->magic != SLOT_PENDING)
            continue;
        if (module_validate(USER_START, &electron_modules) == MODULE_VALID)
            apply(dct, i);
        else
            restore_factory(dct, i);
    }
}
