/* Waits in a branch to itself, with interrupts and without; the watchdog ends it. */
#include "chip.h"

static volatile uint32_t ticks;

void on_systick(void);
void on_systick(void)
{
    if (++ticks == 300)
        NVIC_ISPR(0) = 1;
    if (ticks % 100 == 0) {
        put("tick");
        put_hex("n", ticks);
        line("");
    }
}

/* Of a higher priority than SysTick: nothing else happens any more. */
void on_irq0(void);
void on_irq0(void)
{
    line("stays");
    for (;;)
        ;
}

int main(void)
{
    console_init();
    line("boot");
    IWDG_KR = 0x5555;
    IWDG_PR = 0;
    IWDG_RLR = 0xFFF;
    IWDG_KR = 0xCCCC;
    NVIC_ISER(0) = 1;
    SCB_SHPR(15) = 0x80;
    SYST_RVR = 120000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
    for (;;)
        ;
}
