/* The end of a run that cannot go on: `panic code=N` on the console, then a reset that the ladder
 * of failed boots counts. Codes are those of device-os (panic_codes.h): 1 hard fault, 2 NMI, 3
 * memory, 4 bus, 5 usage; 100 + n: unexpected interrupt n. */
#ifndef CORE_PANIC_H
#define CORE_PANIC_H

#include <stdint.h>

enum panic_code {
    PANIC_HARD_FAULT = 1,
    PANIC_NMI = 2,
    PANIC_MEMORY = 3,
    PANIC_BUS = 4,
    PANIC_USAGE = 5,
    PANIC_INTERRUPT = 100,
};

void panic(uint32_t code) __attribute__((noreturn));

#endif
