/* The boot ROM, first to run after every reset: says what kind of reset it was and starts what
 * stands at the beginning of the flash, as the STM32 would. Where nothing stands there, or when an
 * image faults twice, it stands still: that is what a locked-up core looks like from outside. */
#include <stdbool.h>

#include "core/board.h"
#include "cpu.h"
#include "mirror.h"
#include "nor.h"
#include "retained.h"
#include "timer.h"
#include "vectors.h"

enum { STACKED_WORDS = 8, THUMB_STATE = 1 << 24 };

void rom_reset(void);
void rom_fault(void);
void rom_take_fault(uint32_t number) __attribute__((noreturn));

static void set_up_retained(void)
{
    volatile uint32_t *words = (volatile uint32_t *)RETAINED;
    for (uint32_t i = 0; i < sizeof(struct retained) / sizeof *words; ++i)
        words[i] = 0;
    RETAINED->next_cause = RESET_POWER_DOWN;
    RETAINED->magic = RETAINED_MAGIC;
}

static void determine_cause(void)
{
    if (RETAINED->magic != RETAINED_MAGIC)
        set_up_retained();
    uint32_t cause = RETAINED->next_cause;
    RETAINED->cause = cause == 0 ? RESET_PIN : cause;
    RETAINED->next_cause = 0;
    RETAINED->watchdog_ms = 0;
    RETAINED->faults = 0;
    RETAINED->mirrored = 0;
}

/* The core executes nothing from 0xA0000000 on (DUI 0552 §2.2.1) unless a region says otherwise. */
static void make_mirror_executable(void)
{
    enum { LOG2_SIZE = 21 };
    MPU->rnr = 0;
    MPU->rbar = MIRROR_START;
    MPU->rasr = MPU_RASR_ENABLE | MPU_RASR_SIZE(LOG2_SIZE) | MPU_RASR_NORMAL | MPU_RASR_ANY_ACCESS;
    MPU->ctrl = MPU_CTRL_ENABLE | MPU_CTRL_PRIVDEFENA;
    cpu_barrier();
}

static bool is_code(uint32_t address)
{
    return (address & 1) != 0 && address - MIRROR_START < FLASH_SIZE;
}

/* A watchdog that runs ends even this. Interrupts are off, but the wait returns for them. */
static void __attribute__((noreturn)) stand_still(void)
{
    for (int i = 0; i < NVIC_WORDS; ++i)
        NVIC_ICER[i] = 0xFFFFFFFFu;
    interrupt_enable(IRQ_TIMER2);
    SYSTICK->csr = 0;
    while ((TIMER2->raw_status & TIMER_STATUS_REACHED_0) == 0)
        cpu_wait_for_interrupt();
    RETAINED->next_cause = RESET_WATCHDOG;
    cpu_reset();
}

void rom_reset(void)
{
    determine_cause();
    timer_stop(TIMER1); /* a reset does not stop them */
    timer_stop(TIMER2);
    nor_init();
    mirror_fill(0);
    make_mirror_executable();
    const uint32_t *vectors = (const uint32_t *)(const void *)mirror_at(FLASH_START);
    bool is_image = vectors[0] - 1 - RAM_START < RAM_END - RAM_START && is_code(vectors[1]);
    if (!is_image) {
        cpu_interrupts_off();
        stand_still();
    }
    vectors_use(vectors);
    cpu_start(vectors[0], vectors[1]);
}

/* Leaves the fault as if it were over, on a fresh stack, whatever became of the old one. */
static void __attribute__((noreturn)) return_to(uint32_t function)
{
    uint32_t *frame = (uint32_t *)RAM_END - STACKED_WORDS;
    for (int i = 0; i < STACKED_WORDS; ++i)
        frame[i] = 0;
    frame[6] = function & ~1u;
    frame[7] = THUMB_STATE;
    cpu_start((uint32_t)(uintptr_t)frame, 0xFFFFFFF9u); /* thread mode, main stack */
}

void rom_take_fault(uint32_t number)
{
    uint32_t handler = RETAINED->vectors[number];
    uint32_t earlier = RETAINED->faults;
    RETAINED->faults = earlier + 1;
    cpu_interrupts_off();
    SCB_CCR |= SCB_CCR_NONBASE;
    return_to(earlier == 0 && is_code(handler) ? handler : (uint32_t)(uintptr_t)stand_still);
}

/* The stack may be the fault: nothing is pushed before there is a new one. */
__attribute__((naked)) void rom_fault(void)
{
    __asm volatile("msr msp, %0\n mrs r0, ipsr\n b rom_take_fault" ::"r"(RAM_END));
}

typedef void (*handler)(void);

/* Of the faults alone: the ROM runs with interrupts off, or not at all. */
static const handler vectors[VECTOR_USAGE + 1] __attribute__((section(".vectors"), used)) = {
    [0] = (handler)RAM_END,
    [1] = rom_reset,
    [VECTOR_NMI... VECTOR_USAGE] = rom_fault,
};
