/* When a pending slot is forgotten: the one thing in which the bootloaders differ. Exactly one
 * policy_*.c is linked. */
#ifndef BOOTLOADER_POLICY_H
#define BOOTLOADER_POLICY_H

#include "job.h"

/* Copies the module that `job` names and frees its slot, in the order of that version. */
void policy_apply(const struct slot_job *job);

#endif
