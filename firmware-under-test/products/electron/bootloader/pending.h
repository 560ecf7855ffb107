/* The pending slots of an update, in ascending order. */
#ifndef BOOTLOADER_PENDING_H
#define BOOTLOADER_PENDING_H

#include "core/dct.h"

/* Applies every pending slot by the linked policy. A slot whose source is not a sound module for
 * its destination is freed and reported, never copied. */
void pending_apply(struct dct *dct);

#endif
