#include "console_uart.h"
#include "core/board.h"
#include "core/memory.h"
#include "cpu.h"
#include "modem_uart.h"
#include "time.h"

/* Every reset pulls the reset pin too, and a power-on also counts as brown-out: the most specific
 * flag first (RM0033 §5.3.21). */
enum reset_reason board_reset_cause(void)
{
    uint32_t csr = RCC->csr;
    RCC->csr = RCC_CSR_RMVF;
    if ((csr & (RCC_CSR_IWDGRSTF | RCC_CSR_WWDGRSTF)) != 0)
        return RESET_WATCHDOG;
    if ((csr & RCC_CSR_SFTRSTF) != 0)
        return RESET_USER;
    if ((csr & RCC_CSR_PORRSTF) != 0)
        return RESET_POWER_DOWN;
    if ((csr & RCC_CSR_BORRSTF) != 0)
        return RESET_BROWNOUT;
    return (csr & RCC_CSR_PINRSTF) != 0 ? RESET_PIN : RESET_UNKNOWN;
}

void board_reset(void)
{
    console_uart_flush();
    cpu_barrier();
    SCB_AIRCR = SCB_AIRCR_RESET;
    cpu_barrier();
    for (;;) {
    }
}

static void release_interrupts(void)
{
    for (int i = 0; i < NVIC_WORDS; ++i) {
        NVIC_ICER[i] = 0xFFFFFFFFu;
        NVIC_ICPR[i] = 0xFFFFFFFFu;
    }
}

void board_jump(uint32_t address)
{
    console_uart_flush();
    cpu_interrupts_off();
    modem_uart_release();
    time_release();
    release_interrupts();
    SCB_VTOR = address;
    cpu_barrier();
    const uint32_t *vectors = board_flash_at(address);
    __asm volatile("msr msp, %0\n bx %1" ::"r"(vectors[0]), "r"(vectors[1]) : "memory");
    __builtin_unreachable();
}

void board_device_id(uint8_t id[12])
{
    memcpy(id, (const void *)DEVICE_ID_ADDRESS, 12);
}
