/* SVC, PendSV, nesting by priority, PRIMASK, a bus fault with a handler, then one without. */
#include "chip.h"

static volatile uint32_t trail;

static void note(uint32_t digit)
{
    trail = trail << 4 | digit;
}

void on_svc(void);
void on_svc(void)
{
    note(1);
    SCB_ICSR = 1u << 28; /* PendSV, less urgent: after this handler */
    note(2);
}

void on_pendsv(void);
void on_pendsv(void)
{
    note(3);
}

void on_irq0(void);
void on_irq0(void)
{
    note(4);
    NVIC_ISPR(0) = 1u << 1; /* more urgent: at once */
    __asm volatile("dsb\n isb");
    note(6);
}

void on_irq1(void);
void on_irq1(void)
{
    note(5);
}

void on_bus_fault(void);
void on_bus_fault(void)
{
    put("busfault");
    put_hex("cfsr", SCB_CFSR);
    put_hex("bfar", SCB_BFAR);
    line("");
    SCB_CFSR = ~0u;
    SCB_SHCSR = 0;
    *(volatile uint32_t *)0x60000000 = 1; /* in a handler more urgent than it: hard fault */
}

void on_hard_fault(void);
void on_hard_fault(void)
{
    put("hardfault");
    put_hex("hfsr", SCB_HFSR);
    line("");
    IWDG_KR = 0x5555;
    IWDG_PR = 0;
    IWDG_RLR = 79; /* 10 ms */
    IWDG_KR = 0xCCCC;
    *(volatile uint32_t *)0x60000000 = 1; /* lock-up */
}

int main(void)
{
    console_init();
    put("boot");
    put_hex("csr", RCC_CSR);
    line("");
    SCB_SHPR(14) = 0xF0;
    SCB_SHPR(11) = 0x40;
    SCB_SHPR(5) = 0x00;
    NVIC_IPR(0) = 0x80;
    NVIC_IPR(1) = 0x20;
    NVIC_ISER(0) = 3;
    __asm volatile("svc 0");
    NVIC_ISPR(0) = 1;
    __asm volatile("dsb\n isb");
    put_hex("trail", trail);
    line("");
    trail = 0;
    __asm volatile("cpsid i");
    NVIC_ISPR(0) = 1;
    __asm volatile("dsb\n isb");
    note(7);
    __asm volatile("cpsie i");
    __asm volatile("isb");
    put_hex("masked", trail);
    line("");
    SCB_SHCSR = 1u << 17;
    return (int)*(volatile uint32_t *)0x50000000;
}
