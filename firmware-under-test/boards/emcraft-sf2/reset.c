#include "core/board.h"
#include "core/memory.h"
#include "cpu.h"
#include "modem_uart.h"
#include "retained.h"
#include "time.h"
#include "uart.h"
#include "vectors.h"

enum reset_reason board_reset_cause(void)
{
    uint32_t cause = RETAINED->cause;
    RETAINED->cause = 0;
    return cause == 0 ? RESET_UNKNOWN : (enum reset_reason)cause;
}

void board_reset(void)
{
    uart_flush(UART0);
    RETAINED->next_cause = RESET_USER;
    cpu_reset();
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
    uart_flush(UART0);
    cpu_interrupts_off();
    modem_uart_release();
    time_release();
    release_interrupts();
    const uint32_t *vectors = board_flash_at(address);
    vectors_use(vectors);
    cpu_start(vectors[0], vectors[1]);
}

/* The SoC's serial number is behind its system controller, which the machine does not have. */
void board_device_id(uint8_t id[12])
{
    memcpy(id, "emcraft-sf2", 12);
}
