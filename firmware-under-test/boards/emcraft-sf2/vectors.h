/* The vector table in use: a copy, in internal RAM, of the one of the image that runs, but with the
 * faults of the core going to the boot ROM first. An image that was destroyed by a cut faults until
 * the core locks up. Silicon then stands still until a reset, but the emulator ends itself, which
 * would look like a failure of the rig; so the boot ROM passes the first fault on to the image and
 * stands still at the second. */
#ifndef EMCRAFT_SF2_VECTORS_H
#define EMCRAFT_SF2_VECTORS_H

#include <stdint.h>

#include "registers.h"

enum { VECTOR_COUNT = 16 + IRQ_COUNT, VECTOR_NMI = 2, VECTOR_HARD_FAULT = 3, VECTOR_USAGE = 6 };

/* Core and interrupts go by the table of the image at `vectors` from now on. */
void vectors_use(const uint32_t *vectors);

#endif
