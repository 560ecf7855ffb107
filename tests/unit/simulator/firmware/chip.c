#include "chip.h"

extern uint32_t ram_end[], data_from[], data_to[], data_end[], bss_from[], bss_end[];

static void start(void)
{
    const uint32_t *from = data_from;
    for (uint32_t *to = data_to; to < data_end; ++to)
        *to = *from++;
    for (uint32_t *to = bss_from; to < bss_end; ++to)
        *to = 0;
    main();
    for (;;)
        __asm volatile("wfi");
}

void unhandled(void);
void unhandled(void)
{
    for (;;)
        ;
}

#define HANDLER(name) void name(void) __attribute__((weak, alias("unhandled")))
HANDLER(on_nmi);
HANDLER(on_hard_fault);
HANDLER(on_bus_fault);
HANDLER(on_usage_fault);
HANDLER(on_svc);
HANDLER(on_pendsv);
HANDLER(on_systick);
HANDLER(on_irq0);
HANDLER(on_irq1);
HANDLER(on_dma1_stream1);
HANDLER(on_dma1_stream3);
HANDLER(on_timer2);
HANDLER(on_usart3);

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {
    (void (*)(void))ram_end,
    start,
    [2] = on_nmi,
    [3] = on_hard_fault,
    [4] = unhandled,
    [5] = on_bus_fault,
    [6] = on_usage_fault,
    [11] = on_svc,
    [14] = on_pendsv,
    [15] = on_systick,
    [16] = on_irq0,
    [17] = on_irq1,
    [16 + 12] = on_dma1_stream1,
    [16 + 14] = on_dma1_stream3,
    [16 + 28] = on_timer2,
    [16 + 39] = on_usart3,
};

/* PLL 120 MHz, APB1 30 MHz, APB2 60 MHz; USART1 at 115200. */
void console_init(void)
{
    RCC_CR |= 1u << 24;
    while (!(RCC_CR & 1u << 25))
        ;
    RCC_CFGR = 2 | 5u << 10 | 4u << 13;
    USART1_BRR = 521;
    USART1_CR1 = 1u << 13 | 1u << 3 | 1u << 2;
}

void put(const char *text)
{
    for (; *text; ++text) {
        while (!(USART1_SR & 1u << 7))
            ;
        USART1_DR = (uint8_t)*text;
    }
}

void put_hex(const char *name, uint32_t value)
{
    char digits[12] = "=";
    for (int i = 0; i < 8; ++i)
        digits[1 + i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
    digits[9] = '\0';
    put(" ");
    put(name);
    put(digits);
}

void line(const char *text)
{
    put(text);
    put("\r\n");
}

void flash_unlock(void)
{
    FLASH_KEYR = 0x45670123;
    FLASH_KEYR = 0xCDEF89AB;
}

static void flash_wait(void)
{
    while (FLASH_SR & 1u << 16)
        ;
}

void flash_erase(unsigned sector)
{
    FLASH_CR = 1u << 1 | sector << 3 | 2u << 8;
    FLASH_CR |= 1u << 16;
    flash_wait();
    FLASH_CR = 0;
}

void flash_word(uint32_t address, uint32_t value)
{
    FLASH_CR = 1u << 0 | 2u << 8;
    REG(address) = value;
    flash_wait();
    FLASH_CR = 0;
}
