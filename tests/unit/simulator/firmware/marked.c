/* Looks at one word again and again, lets it be programmed, and tells of faults. */
#include "chip.h"

#define WORD 0x08008000u

void on_bus_fault(void);
void on_bus_fault(void)
{
    put("busfault");
    put_hex("bfar", SCB_BFAR);
    line("");
    for (;;)
        ;
}

static volatile uint32_t alarms;

void on_nmi(void);
void on_nmi(void)
{
    ++alarms;
}

static void look(const char *when)
{
    put(when);
    for (int i = 0; i < 8; ++i)
        put_hex("w", REG(WORD));
    line("");
}

int main(void)
{
    console_init();
    SCB_SHCSR = 1u << 17;
    look("found");
    put_hex("alarms", alarms);
    line("");
    flash_unlock();
    flash_word(WORD, 0xFFFF0000u);
    look("programmed");
    flash_erase(2);
    look("erased");
    return 0;
}
