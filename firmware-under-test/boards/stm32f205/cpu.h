/* Instructions of the core that C has no word for (PM0056 §3), and interrupt lines. */
#ifndef STM32F205_CPU_H
#define STM32F205_CPU_H

#include "registers.h"

static inline void cpu_interrupts_off(void)
{
    __asm volatile("cpsid i" ::: "memory");
}
static inline void cpu_interrupts_on(void)
{
    __asm volatile("cpsie i" ::: "memory");
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

#endif
