/* Instructions of the core that C has no word for (DUI 0552 §3), and interrupt lines. */
#ifndef EMCRAFT_SF2_CPU_H
#define EMCRAFT_SF2_CPU_H

#include "registers.h"

static inline void cpu_interrupts_off(void)
{
    __asm volatile("cpsid i" ::: "memory");
}
static inline void cpu_interrupts_on(void)
{
    __asm volatile("cpsie i" ::: "memory");
}
/* Switches them off; the result is for cpu_interrupts_restore(). */
static inline uint32_t cpu_interrupts_save(void)
{
    uint32_t mask;
    __asm volatile("mrs %0, primask\n cpsid i" : "=r"(mask)::"memory");
    return mask;
}
static inline void cpu_interrupts_restore(uint32_t mask)
{
    __asm volatile("msr primask, %0" ::"r"(mask) : "memory");
}
static inline void cpu_wait_for_interrupt(void)
{
    __asm volatile("dsb\n wfi" ::: "memory");
}
static inline void cpu_barrier(void)
{
    __asm volatile("dsb\n isb" ::: "memory");
}

static inline void interrupt_enable(unsigned irq)
{
    NVIC_ISER[irq / 32] = BIT(irq % 32);
}

static inline void __attribute__((noreturn)) cpu_reset(void)
{
    cpu_barrier();
    SCB_AIRCR = SCB_AIRCR_RESET;
    cpu_barrier();
    for (;;) {
    }
}

static inline void __attribute__((noreturn)) cpu_start(uint32_t stack, uint32_t entry)
{
    __asm volatile("msr msp, %0\n bx %1" ::"r"(stack), "r"(entry) : "memory");
    __builtin_unreachable();
}

#endif
