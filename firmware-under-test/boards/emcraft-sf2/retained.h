/* What outlives a reset and dies with the power: the first bytes of the internal RAM. The machine
 * has no backup registers, no reset flags and no watchdog; this stands for all three. The boot ROM
 * sets it up after a power-on, which it knows by the missing magic, and everyone else may rely on
 * it. */
#ifndef EMCRAFT_SF2_RETAINED_H
#define EMCRAFT_SF2_RETAINED_H

#include <stdint.h>

#include "registers.h"

enum { RETAINED_MAGIC = 0x52455431, RETAINED_BACKUP = 20 };

struct retained {
    uint32_t magic;
    uint32_t cause;          /* of this boot, an enum reset_reason; 0 once it was asked for */
    uint32_t next_cause;     /* left by whoever resets; 0: a reset from outside */
    uint32_t watchdog_ms;    /* 0: not started since the reset */
    uint32_t faults;         /* since the reset */
    uint32_t mirrored;       /* bit per sector of the flash: filled since the reset (mirror.h) */
    const uint32_t *vectors; /* of the image that runs, as it is in the mirror */
    uint32_t backup[RETAINED_BACKUP];
};

#define RETAINED ((volatile struct retained *)RAM_START)

#endif
