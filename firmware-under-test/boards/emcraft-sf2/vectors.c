#include "vectors.h"

#include "cpu.h"
#include "retained.h"

/* Aligned to the next power of two above its size (DUI 0552 §4.3.4). */
static uint32_t *const table = (uint32_t *)(RAM_START + 0x200u);
_Static_assert(VECTOR_COUNT * 4 <= 0x200, "VTOR is aligned to 512 bytes");

void vectors_use(const uint32_t *vectors)
{
    const uint32_t *rom = (const uint32_t *)ENVM_START;
    for (int i = 0; i < VECTOR_COUNT; ++i)
        table[i] = i >= VECTOR_NMI && i <= VECTOR_USAGE ? rom[i] : vectors[i];
    RETAINED->vectors = vectors;
    SCB_VTOR = (uint32_t)(uintptr_t)table;
    cpu_barrier();
}
