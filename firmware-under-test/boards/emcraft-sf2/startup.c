/* Vector table and the first instructions of an image that the core starts itself or that a
 * bootloader jumps to. */
#include <stdint.h>

#include "core/panic.h"
#include "modem_uart.h"
#include "registers.h"
#include "time.h"
#include "watchdog.h"

/* From the linker script. */
extern uint32_t link_data_from[], link_data_start[], link_data_end[];
extern uint32_t link_bss_start[], link_bss_end[], link_stack_top[];

/* main() of bootloader or system; returning from it is a fault. */
void image_main(void);
void image_reset(void);

void image_reset(void)
{
    const uint32_t *from = link_data_from;
    for (uint32_t *to = link_data_start; to < link_data_end; ++to)
        *to = *from++;
    for (uint32_t *to = link_bss_start; to < link_bss_end; ++to)
        *to = 0;
    image_main();
    panic(PANIC_HARD_FAULT);
}

static void hard_fault(void)
{
    panic(PANIC_HARD_FAULT);
}

static void nmi(void)
{
    panic(PANIC_NMI);
}

static void memory_fault(void)
{
    panic(PANIC_MEMORY);
}

static void bus_fault(void)
{
    panic(PANIC_BUS);
}

static void usage_fault(void)
{
    panic(PANIC_USAGE);
}

static void unexpected(void)
{
    uint32_t number;
    __asm volatile("mrs %0, ipsr" : "=r"(number));
    panic(PANIC_INTERRUPT + number);
}

/* An image without modem driver has no use for this. */
void irq_uart1(void) __attribute__((weak, alias("unexpected")));

/* Position of an interrupt in the table, behind the vectors of the core itself. */
#define VECTOR(irq) (16 + (irq))
enum { VECTOR_SYSTICK = 15 };

typedef void (*handler)(void);

/* 0x184 bytes: the prefix of the module follows (core/module.h). */
static const handler vectors[VECTOR(IRQ_COUNT)] __attribute__((section(".vectors"), used)) = {
    [0] = (handler)link_stack_top,
    [1] = image_reset,
    [2] = nmi,
    [3] = hard_fault,
    [4] = memory_fault,
    [5] = bus_fault,
    [6] = usage_fault,
    [7 ... VECTOR_SYSTICK - 1] = unexpected,
    [VECTOR_SYSTICK] = irq_systick,
    [VECTOR(0)... VECTOR(IRQ_UART1) - 1] = unexpected,
    [VECTOR(IRQ_UART1)] = irq_uart1,
    [VECTOR(IRQ_UART1) + 1 ... VECTOR(IRQ_TIMER1) - 1] = unexpected,
    [VECTOR(IRQ_TIMER1)] = irq_timer1,
    [VECTOR(IRQ_TIMER2)] = irq_timer2,
    [VECTOR(IRQ_TIMER2) + 1 ... VECTOR(IRQ_COUNT) - 1] = unexpected,
};
_Static_assert(sizeof vectors == 0x184, "the prefix stands at 0x184");
