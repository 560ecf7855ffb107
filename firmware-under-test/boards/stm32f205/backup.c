#include "core/board.h"
#include "registers.h"

uint32_t board_backup_read(unsigned index)
{
    return RTC_BACKUP[index];
}

/* The backup domain is write-protected after every reset (RM0033 §4.1.2). */
void board_backup_write(unsigned index, uint32_t value)
{
    RCC->apb1enr |= RCC_APB1ENR_PWR;
    PWR_CR |= PWR_CR_DBP;
    RTC_BACKUP[index] = value;
}
