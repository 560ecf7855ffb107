/* Registers and a start-up for the test programs: each is one file with main(). */
#ifndef CHIP_H
#define CHIP_H

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define TIM2_CR1     REG(0x40000000)
#define TIM2_DIER    REG(0x4000000C)
#define TIM2_SR      REG(0x40000010)
#define TIM2_EGR     REG(0x40000014)
#define TIM2_CNT     REG(0x40000024)
#define TIM2_PSC     REG(0x40000028)
#define TIM2_CCR1    REG(0x40000034)
#define BACKUP(n)    REG(0x40002850 + 4 * (n))
#define IWDG_KR      REG(0x40003000)
#define IWDG_PR      REG(0x40003004)
#define IWDG_RLR     REG(0x40003008)
#define USART3_SR    REG(0x40004800)
#define USART3_DR    REG(0x40004804)
#define USART3_BRR   REG(0x40004808)
#define USART3_CR1   REG(0x4000480C)
#define USART3_CR3   REG(0x40004814)
#define PWR_CR       REG(0x40007000)
#define USART1_SR    REG(0x40011000)
#define USART1_DR    REG(0x40011004)
#define USART1_BRR   REG(0x40011008)
#define USART1_CR1   REG(0x4001100C)
#define GPIOA_MODER  REG(0x40020000)
#define GPIOA_BSRR   REG(0x40020018)
#define GPIOB_MODER  REG(0x40020400)
#define GPIOB_BSRR   REG(0x40020418)
#define RCC_CFGR     REG(0x40023808)
#define RCC_CR       REG(0x40023800)
#define RCC_CSR      REG(0x40023874)
#define FLASH_KEYR   REG(0x40023C04)
#define FLASH_SR     REG(0x40023C0C)
#define FLASH_CR     REG(0x40023C10)
#define DMA1_LISR    REG(0x40026000)
#define DMA1_LIFCR   REG(0x40026008)
#define DMA1_CR(n)   REG(0x40026010 + 0x18 * (n))
#define DMA1_NDTR(n) REG(0x40026014 + 0x18 * (n))
#define DMA1_PAR(n)  REG(0x40026018 + 0x18 * (n))
#define DMA1_M0AR(n) REG(0x4002601C + 0x18 * (n))
#define SYST_CSR     REG(0xE000E010)
#define SYST_RVR     REG(0xE000E014)
#define SYST_CVR     REG(0xE000E018)
#define NVIC_ISER(n) REG(0xE000E100 + 4 * (n))
#define NVIC_ISPR(n) REG(0xE000E200 + 4 * (n))
#define NVIC_IPR(n)  (*(volatile uint8_t *)(0xE000E400 + (n)))
#define SCB_ICSR     REG(0xE000ED04)
#define SCB_AIRCR    REG(0xE000ED0C)
#define SCB_SHPR(n)  (*(volatile uint8_t *)(0xE000ED18 + (n)-4))
#define SCB_SHCSR    REG(0xE000ED24)
#define SCB_CFSR     REG(0xE000ED28)
#define SCB_HFSR     REG(0xE000ED2C)
#define SCB_BFAR     REG(0xE000ED38)

void console_init(void);
void put(const char *text);
void put_hex(const char *name, uint32_t value);
void line(const char *text);
void flash_unlock(void);
void flash_erase(unsigned sector);
void flash_word(uint32_t address, uint32_t value);

int main(void);

#endif
