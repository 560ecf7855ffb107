#include "modem_uart.h"

#include "core/board.h"
#include "cpu.h"
#include "uart.h"

/* As much as the modem of the product may send in one go, and then some. What does not fit stays in
 * the FIFO, and then with the modem: nothing is lost. */
enum { RECEIVE_SIZE = 4096 };
/* The longest write takes 89 ms on the wire. Beyond this nobody takes what is sent. */
enum { TRANSMIT_PATIENCE_MS = 1000 };

static uint8_t receive_ring[RECEIVE_SIZE];
static volatile uint32_t receive_head; /* bytes ever put in; the interrupt's */
static volatile uint32_t receive_tail; /* bytes ever taken out */
static bool started;

void board_modem_init(void)
{
    uart_init(UART1);
    receive_head = 0;
    receive_tail = 0;
    started = true;
    interrupt_enable(IRQ_UART1);
    UART1->ier = UART_IER_ERBFI;
}

void modem_uart_release(void)
{
    if (started)
        UART1->ier = 0;
}

static bool is_full(void)
{
    return receive_head - receive_tail == RECEIVE_SIZE;
}

/* A full ring must not be asked for again and again: board_modem_read() switches it on again. */
void irq_uart1(void)
{
    while (!is_full() && (UART1->lsr & UART_LSR_DR) != 0) {
        receive_ring[receive_head % RECEIVE_SIZE] = (uint8_t)UART1->data;
        ++receive_head;
    }
    if (is_full())
        UART1->ier = 0;
}

bool modem_uart_has_data(void)
{
    return receive_head != receive_tail;
}

uint32_t board_modem_read(uint8_t *to, uint32_t capacity)
{
    uint32_t count = 0;
    while (count < capacity && receive_head != receive_tail) {
        to[count++] = receive_ring[receive_tail % RECEIVE_SIZE];
        ++receive_tail;
    }
    if (count > 0)
        UART1->ier = UART_IER_ERBFI;
    return count;
}

/* False when nobody takes what was sent: then the rest is thrown away. */
static bool wait_for_transmitter(void)
{
    uint32_t start = board_millis();
    while ((UART1->lsr & UART_LSR_THRE) == 0) {
        if (board_millis() - start >= TRANSMIT_PATIENCE_MS)
            return false;
    }
    return true;
}

void board_modem_write(const void *data, uint32_t length)
{
    const uint8_t *from = data;
    while (length > 0 && wait_for_transmitter()) {
        for (int room = UART_FIFO; room > 0 && length > 0; --room, --length)
            UART1->data = *from++;
    }
}
