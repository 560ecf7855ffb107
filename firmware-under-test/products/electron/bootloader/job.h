/* One pending slot at work. */
#ifndef BOOTLOADER_JOB_H
#define BOOTLOADER_JOB_H

#include <stdbool.h>

#include "core/dct.h"
#include "core/module_copy.h"

struct slot_job {
    struct dct *dct;
    unsigned slot;
    struct module_copy copy;
};

/* Copies and reports both ends on the console. `name` is what the console calls the module. True
 * when the destination reads back like the source. */
bool job_copy(const struct module_copy *copy, const char *name);
bool slot_job_copy(const struct slot_job *job);
/* Frees the slot. */
void slot_job_forget(const struct slot_job *job);

#endif
