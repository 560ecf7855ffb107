/* Switches the modem on, asks it over USART3 by DMA (circular receive, IDLE interrupt), prints what
 * comes back; then the same once more, polled and without DMA. */
#include "chip.h"

static uint8_t ring[64];
static volatile uint32_t idles, sents;

void on_usart3(void);
void on_usart3(void)
{
    if (USART3_SR & 1u << 4) {
        (void)USART3_DR;
        ++idles;
    }
}

void on_dma1_stream3(void);
void on_dma1_stream3(void)
{
    DMA1_LIFCR = 0x3Fu << 22;
    ++sents;
}

static void pause_ms(uint32_t ms)
{
    const uint32_t from = TIM2_CNT;
    while (TIM2_CNT - from < ms)
        ;
}

static void power_pulse(void)
{
    GPIOB_BSRR = 3;
    GPIOB_MODER |= 1u | 1u << 2;
    pause_ms(20);
    GPIOB_BSRR = 1u << 16;
    pause_ms(150);
    GPIOB_BSRR = 1;
    pause_ms(5000);
}

static void send(const char *text, uint32_t length)
{
    DMA1_PAR(3) = (uint32_t)&USART3_DR;
    DMA1_M0AR(3) = (uint32_t)text;
    DMA1_NDTR(3) = length;
    DMA1_CR(3) = 4u << 25 | 1u << 10 | 1u << 6 | 1u << 4 | 1;
}

static void print_ring(uint32_t count)
{
    put("got");
    put_hex("bytes", count);
    put(" text=");
    for (uint32_t i = 0; i < count; ++i) {
        char one[2] = {(char)(ring[i] < ' ' ? '.' : ring[i]), 0};
        put(one);
    }
    line("");
}

static void by_dma(void)
{
    USART3_CR3 = 1u << 6 | 1u << 7;
    USART3_CR1 = 1u << 13 | 1u << 3 | 1u << 2 | 1u << 4;
    DMA1_PAR(1) = (uint32_t)&USART3_DR;
    DMA1_M0AR(1) = (uint32_t)ring;
    DMA1_NDTR(1) = sizeof ring;
    DMA1_CR(1) = 4u << 25 | 1u << 10 | 1u << 8 | 1;
    NVIC_ISER(0) = 1u << 14;
    NVIC_ISER(1) = 1u << 7;
    send("AT\r", 3);
    while (!idles)
        __asm volatile("wfi");
    pause_ms(50);
    put("sent");
    put_hex("interrupts", sents);
    line("");
    print_ring(sizeof ring - DMA1_NDTR(1));
}

static void polled(void)
{
    DMA1_CR(1) = 0;
    USART3_CR3 = 0;
    USART3_CR1 = 1u << 13 | 1u << 3 | 1u << 2;
    const char *text = "ATE0\r";
    for (uint32_t i = 0; text[i]; ++i) {
        while (!(USART3_SR & 1u << 7))
            ;
        USART3_DR = (uint8_t)text[i];
    }
    uint32_t count = 0;
    while (count < 11) {
        while (!(USART3_SR & 1u << 5))
            ;
        ring[count++] = (uint8_t)USART3_DR;
    }
    print_ring(count);
}

int main(void)
{
    console_init();
    TIM2_PSC = 60000 - 1;
    TIM2_EGR = 1;
    TIM2_CR1 = 1;
    USART3_BRR = 260;
    power_pulse();
    by_dma();
    polled();
    return 0;
}
