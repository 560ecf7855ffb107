/* Registers of the SmartFusion2 M2S010 that this firmware uses, and no others, and the memory of
 * the board around it. UG0331 (SmartFusion2 microcontroller subsystem), chapters "MMUART" and
 * "Serial Peripheral Interface Controller"; DUI 0552 (Cortex-M3 devices generic user guide),
 * chapter 4; what the emulated machine has of them: QEMU hw/arm/msf2-soc.c, hw/arm/msf2-som.c,
 * hw/ssi/mss-spi.c. */
#ifndef EMCRAFT_SF2_REGISTERS_H
#define EMCRAFT_SF2_REGISTERS_H

#include <stdint.h>

#define BIT(n) (1u << (n))

/* Non-volatile memory of the SoC, seen at 0 too: the boot ROM. */
#define ENVM_START 0x60000000u
/* Internal RAM, 64 KB: first what outlives a reset, then the vectors in use, the stack at its end.
 */
#define RAM_START 0x20000000u
#define RAM_END   0x20010000u
/* External RAM: the image of the product's flash, then the variables of what runs from there. */
#define MIRROR_START 0xA0000000u

/* UG0331, MMUART: a 16550 whose registers are words apart. */
struct uart_registers {
    volatile uint32_t data; /* DLAB = 1: divisor, low byte */
    volatile uint32_t ier;  /* DLAB = 1: divisor, high byte */
    volatile uint32_t fcr;
    volatile uint32_t lcr;
    volatile uint32_t mcr;
    volatile uint32_t lsr;
};
#define UART0          ((struct uart_registers *)0x40000000u)
#define UART1          ((struct uart_registers *)0x40010000u)
#define UART_IER_ERBFI BIT(0) /* interrupt when bytes have been received */
#define UART_FCR_ON    0xC7u  /* FIFOs on and emptied; interrupt at 14 bytes, or behind the last */
#define UART_LCR_8N1   0x03u
#define UART_LCR_DLAB  BIT(7)
#define UART_LSR_DR    BIT(0)
#define UART_LSR_THRE  BIT(5)
#define UART_LSR_TEMT  BIT(6)
enum { UART_FIFO = 16 };

/* UG0331, SPI. */
struct spi_registers {
    volatile uint32_t control, frame_size, status, int_clear;
    volatile uint32_t rx, tx, clk_gen, slave_select;
};
#define SPI0                     ((struct spi_registers *)0x40001000u)
#define SPI_CONTROL_ENABLE       BIT(0)
#define SPI_CONTROL_MASTER       BIT(1)
#define SPI_CONTROL_FRAMES(n)    ((uint32_t)(n) << 8)
#define SPI_CONTROL_HOLD_SELECT  BIT(26) /* SPS: selected until all frames are through */
#define SPI_CONTROL_BIG_FIFO     BIT(29)
#define SPI_STATUS_RX_FIFO_FULL  BIT(4)
#define SPI_STATUS_RX_FIFO_EMPTY BIT(6)
enum { SPI_FIFO = 32, SPI_MOST_FRAMES = 0xFFFF };

/* UG0331, system timer: two counters of 32 bits that go down. The manual's clock is 71 MHz; the
 * emulated timer counts with the default of its model, 100 MHz (QEMU hw/timer/mss-timer.c). */
struct timer_registers {
    volatile uint32_t value, load, background_load, control, raw_status, status;
};
#define TIMER1                 ((struct timer_registers *)0x40004000u)
#define TIMER2                 ((struct timer_registers *)0x40004018u)
#define TIMER_CONTROL_ENABLE   BIT(0)
#define TIMER_CONTROL_ONE_SHOT BIT(1)
#define TIMER_CONTROL_INT      BIT(2)
#define TIMER_STATUS_REACHED_0 BIT(0)
enum { TIMER_PER_MS = 100000, TIMER_MOST_MS = 42000 };

/* DUI 0552 §4.2, §4.3, §4.4: interrupt controller, system control block, SysTick. */
#define NVIC_ISER ((volatile uint32_t *)0xE000E100u)
#define NVIC_ICER ((volatile uint32_t *)0xE000E180u)
#define NVIC_ICPR ((volatile uint32_t *)0xE000E280u)
enum { NVIC_WORDS = 3, IRQ_UART1 = 11, IRQ_TIMER1 = 14, IRQ_TIMER2 = 15, IRQ_COUNT = 81 };
#define SCB_ICSR           (*(volatile uint32_t *)0xE000ED04u)
#define SCB_ICSR_PENDSTCLR BIT(25)
#define SCB_ICSR_PENDSTSET BIT(26)
#define SCB_VTOR           (*(volatile uint32_t *)0xE000ED08u)
#define SCB_AIRCR          (*(volatile uint32_t *)0xE000ED0Cu)
#define SCB_AIRCR_RESET    0x05FA0004u
#define SCB_CCR            (*(volatile uint32_t *)0xE000ED14u)
#define SCB_CCR_NONBASE    BIT(0) /* thread mode may be entered from any exception */

/* DUI 0552 §4.5: memory protection unit */
struct mpu_registers {
    volatile uint32_t type, ctrl, rnr, rbar, rasr;
};
#define MPU                 ((struct mpu_registers *)0xE000ED90u)
#define MPU_CTRL_ENABLE     BIT(0)
#define MPU_CTRL_PRIVDEFENA BIT(2) /* the default map outside of all regions */
#define MPU_RASR_ENABLE     BIT(0)
#define MPU_RASR_SIZE(log2) (((uint32_t)(log2)-1) << 1)
#define MPU_RASR_NORMAL     (BIT(16) | BIT(17)) /* write-back memory */
#define MPU_RASR_ANY_ACCESS (3u << 24)

struct systick_registers {
    volatile uint32_t csr, rvr, cvr;
};
#define SYSTICK             ((struct systick_registers *)0xE000E010u)
#define SYSTICK_CSR_ENABLE  BIT(0)
#define SYSTICK_CSR_TICKINT BIT(1)
enum { SYSTICK_LONGEST = 0x1000000 }; /* counts of one period */
/* The reference clock: 142 MHz of the core, divided by 32 after a reset (SYSTICK_CR). */
enum { SYSTICK_PER_2_MS = 8875 };

#endif
