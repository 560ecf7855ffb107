/* Sleeps in WFI between compare interrupts of TIM2, 1 kHz; prints every tenth. */
#include "chip.h"

static volatile uint32_t wakes;

void on_timer2(void);
void on_timer2(void)
{
    TIM2_SR = 0;
    TIM2_CCR1 = TIM2_CCR1 + 1000;
    ++wakes;
}

int main(void)
{
    console_init();
    put("boot");
    put_hex("csr", RCC_CSR);
    put_hex("kept", BACKUP(1));
    line("");
    RCC_CSR |= 1u << 24;
    PWR_CR = 1u << 8;
    BACKUP(1) = 0x12345678;
    TIM2_PSC = 60000 - 1;
    TIM2_EGR = 1;
    TIM2_SR = 0;
    TIM2_CCR1 = 1000;
    TIM2_DIER = 2;
    TIM2_CR1 = 1;
    NVIC_ISER(0) = 1u << 28;
    for (uint32_t printed = 0;;) {
        __asm volatile("wfi");
        if (wakes >= printed + 10) {
            printed = wakes;
            put("awake");
            put_hex("wakes", wakes);
            put_hex("ms", TIM2_CNT);
            line("");
        }
    }
}
