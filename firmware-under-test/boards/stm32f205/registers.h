/* Registers of the STM32F205 that this firmware uses, and no others. Names, addresses and bits:
 * RM0033 (reference manual of STM32F205/207/215/217), PM0059 (its flash programming manual), PM0056
 * (Cortex-M3 programming manual). */
#ifndef STM32F205_REGISTERS_H
#define STM32F205_REGISTERS_H

#include <stdint.h>

#define BIT(n) (1u << (n))

/* RM0033 §5.3: reset and clock control */
struct rcc_registers {
    volatile uint32_t cr, pllcfgr, cfgr, cir;
    volatile uint32_t ahb1rstr, ahb2rstr, ahb3rstr, reserved0;
    volatile uint32_t apb1rstr, apb2rstr, reserved1[2];
    volatile uint32_t ahb1enr, ahb2enr, ahb3enr, reserved2;
    volatile uint32_t apb1enr, apb2enr, reserved3[2];
    volatile uint32_t ahb1lpenr, ahb2lpenr, ahb3lpenr, reserved4;
    volatile uint32_t apb1lpenr, apb2lpenr, reserved5[2];
    volatile uint32_t bdcr, csr;
};
#define RCC                ((struct rcc_registers *)0x40023800u)
#define RCC_CR_HSEON       BIT(16)
#define RCC_CR_HSERDY      BIT(17)
#define RCC_CR_PLLON       BIT(24)
#define RCC_CR_PLLRDY      BIT(25)
#define RCC_PLLCFGR_HSE    BIT(22)
#define RCC_PLLCFGR_M(m)   (m)
#define RCC_PLLCFGR_N(n)   ((n) << 6)
#define RCC_PLLCFGR_P2     0u
#define RCC_PLLCFGR_Q(q)   ((q) << 24)
#define RCC_CFGR_SW_PLL    2u
#define RCC_CFGR_SWS_MASK  (3u << 2)
#define RCC_CFGR_SWS_PLL   (2u << 2)
#define RCC_CFGR_APB1_DIV4 (5u << 10)
#define RCC_CFGR_APB2_DIV2 (4u << 13)
#define RCC_AHB1ENR_GPIOA  BIT(0)
#define RCC_AHB1ENR_GPIOB  BIT(1)
#define RCC_AHB1ENR_DMA1   BIT(21)
#define RCC_APB1ENR_TIM2   BIT(0)
#define RCC_APB1ENR_USART3 BIT(18)
#define RCC_APB1ENR_PWR    BIT(28)
#define RCC_APB2ENR_USART1 BIT(4)
#define RCC_CSR_RMVF       BIT(24)
#define RCC_CSR_BORRSTF    BIT(25)
#define RCC_CSR_PINRSTF    BIT(26)
#define RCC_CSR_PORRSTF    BIT(27)
#define RCC_CSR_SFTRSTF    BIT(28)
#define RCC_CSR_IWDGRSTF   BIT(29)
#define RCC_CSR_WWDGRSTF   BIT(30)

/* RM0033 §4.4: power control */
#define PWR_CR     (*(volatile uint32_t *)0x40007000u)
#define PWR_CR_DBP BIT(8)

/* PM0059 §3: flash interface */
struct flash_registers {
    volatile uint32_t acr, keyr, optkeyr, sr, cr, optcr;
};
#define FLASH                 ((struct flash_registers *)0x40023C00u)
#define FLASH_ACR_LATENCY_3WS 3u /* 2.7 to 3.6 V, 90 to 120 MHz (PM0059 table 3) */
#define FLASH_ACR_PRFTEN      BIT(8)
#define FLASH_ACR_ICEN        BIT(9)
#define FLASH_ACR_DCEN        BIT(10)
#define FLASH_ACR_DCRST       BIT(12)
#define FLASH_KEY1            0x45670123u
#define FLASH_KEY2            0xCDEF89ABu
#define FLASH_SR_EOP          BIT(0)
#define FLASH_SR_OPERR        BIT(1)
#define FLASH_SR_WRPERR       BIT(4)
#define FLASH_SR_PGAERR       BIT(5)
#define FLASH_SR_PGPERR       BIT(6)
#define FLASH_SR_PGSERR       BIT(7)
#define FLASH_SR_BSY          BIT(16)
#define FLASH_CR_PG           BIT(0)
#define FLASH_CR_SER          BIT(1)
#define FLASH_CR_SNB(sector)  ((uint32_t)(sector) << 3)
#define FLASH_CR_PSIZE_X32    (2u << 8)
#define FLASH_CR_STRT         BIT(16)
#define FLASH_CR_LOCK         BIT(31)

/* RM0033 §6.4: general-purpose I/O */
struct gpio_registers {
    volatile uint32_t moder, otyper, ospeedr, pupdr, idr, odr, bsrr, lckr, afrl, afrh;
};
#define GPIOA ((struct gpio_registers *)0x40020000u)
#define GPIOB ((struct gpio_registers *)0x40020400u)

/* RM0033 §24.6: USART */
struct usart_registers {
    volatile uint32_t sr, dr, brr, cr1, cr2, cr3, gtpr;
};
#define USART1           ((struct usart_registers *)0x40011000u)
#define USART3           ((struct usart_registers *)0x40004800u)
#define USART_SR_TC      BIT(6)
#define USART_SR_TXE     BIT(7)
#define USART_CR1_RE     BIT(2)
#define USART_CR1_TE     BIT(3)
#define USART_CR1_IDLEIE BIT(4)
#define USART_CR1_UE     BIT(13)
#define USART_CR3_DMAR   BIT(6)
#define USART_CR3_DMAT   BIT(7)
#define USART_CR3_RTSE   BIT(8)
#define USART_CR3_CTSE   BIT(9)

/* RM0033 §9.5: DMA controller. USART3 is channel 4: receiver on stream 1, transmitter on stream 3
 * (table 22). */
struct dma_stream_registers {
    volatile uint32_t cr, ndtr, par, m0ar, m1ar, fcr;
};
struct dma_registers {
    volatile uint32_t lisr, hisr, lifcr, hifcr;
    struct dma_stream_registers stream[8];
};
#define DMA1               ((struct dma_registers *)0x40026000u)
#define DMA_CR_EN          BIT(0)
#define DMA_CR_TCIE        BIT(4)
#define DMA_CR_FROM_MEMORY (1u << 6)
#define DMA_CR_CIRC        BIT(8)
#define DMA_CR_MINC        BIT(10)
#define DMA_CR_CHANNEL(c)  ((uint32_t)(c) << 25)
#define DMA_LIFCR_STREAM1  (0x3Du << 6)
#define DMA_LIFCR_STREAM3  (0x3Du << 22)

/* RM0033 §14.4: TIM2, a 32-bit counter */
struct tim_registers {
    volatile uint32_t cr1, cr2, smcr, dier, sr, egr, ccmr1, ccmr2, ccer, cnt, psc, arr, rcr, ccr1;
};
#define TIM2           ((struct tim_registers *)0x40000000u)
#define TIM_CR1_CEN    BIT(0)
#define TIM_DIER_CC1IE BIT(1)
#define TIM_SR_CC1IF   BIT(1)
#define TIM_EGR_UG     BIT(0)

/* RM0033 §18.4: independent watchdog */
struct iwdg_registers {
    volatile uint32_t kr, pr, rlr, sr;
};
#define IWDG            ((struct iwdg_registers *)0x40003000u)
#define IWDG_KEY_ACCESS 0x5555u
#define IWDG_KEY_FEED   0xAAAAu
#define IWDG_KEY_START  0xCCCCu

/* RM0033 §22.6.20: backup registers of the RTC */
#define RTC_BACKUP ((volatile uint32_t *)0x40002850u)

/* RM0033 §33.1: unique device ID */
#define DEVICE_ID_ADDRESS 0x1FFF7A10u

/* PM0056 §4.3, §4.4, §4.5: interrupt controller, system control block, SysTick. Positions of
 * interrupts: RM0033 table 61. */
#define NVIC_ISER ((volatile uint32_t *)0xE000E100u)
#define NVIC_ICER ((volatile uint32_t *)0xE000E180u)
#define NVIC_ICPR ((volatile uint32_t *)0xE000E280u)
enum { NVIC_WORDS = 3, IRQ_DMA1_STREAM1 = 12, IRQ_DMA1_STREAM3 = 14, IRQ_TIM2 = 28 };
enum { IRQ_USART3 = 39, IRQ_COUNT = 81 };
#define SCB_VTOR        (*(volatile uint32_t *)0xE000ED08u)
#define SCB_AIRCR       (*(volatile uint32_t *)0xE000ED0Cu)
#define SCB_AIRCR_RESET 0x05FA0004u

#endif
