#include "modem_uart.h"

#include "core/board.h"
#include "core/memory.h"
#include "cpu.h"
#include "pins.h"
#include "time.h"

/* The receive ring holds what arrives while a sector erase stalls the core: the modem sends at most
 * 1 KB in one go and waits for the next command then. */
enum { BAUD = 115200, RECEIVE_SIZE = 4096, TRANSMIT_SIZE = 1024 };
/* The longest write takes 89 ms on the wire. Beyond this the modem holds CTS: it is off. */
enum { TRANSMIT_PATIENCE_MS = 1000 };

static uint8_t receive_ring[RECEIVE_SIZE];
static uint32_t receive_tail; /* next byte to read */
static uint8_t transmit_buffer[TRANSMIT_SIZE];
static volatile bool transmitting;
static uint32_t bus_hz;
static bool started;

#define RECEIVER    (&DMA1->stream[1])
#define TRANSMITTER (&DMA1->stream[3])

void modem_uart_clock(uint32_t apb1_hz)
{
    bus_hz = apb1_hz;
}

static void stop(struct dma_stream_registers *stream)
{
    stream->cr = 0;
    while ((stream->cr & DMA_CR_EN) != 0) {
    }
}

static void start_receiver(void)
{
    stop(RECEIVER);
    DMA1->lifcr = DMA_LIFCR_STREAM1;
    RECEIVER->par = (uint32_t)(uintptr_t)&USART3->dr;
    RECEIVER->m0ar = (uint32_t)(uintptr_t)receive_ring;
    RECEIVER->ndtr = RECEIVE_SIZE;
    RECEIVER->cr = DMA_CR_CHANNEL(4) | DMA_CR_MINC | DMA_CR_CIRC;
    RECEIVER->cr |= DMA_CR_EN;
    receive_tail = 0;
}

void board_modem_init(void)
{
    RCC->ahb1enr |= RCC_AHB1ENR_DMA1;
    RCC->apb1enr |= RCC_APB1ENR_USART3;
    static const uint8_t pins[] = {10, 11, 13, 14};
    for (unsigned i = 0; i < sizeof pins; ++i)
        pin_alternate(GPIOB, pins[i], 7);
    USART3->cr1 = 0;
    USART3->brr = (bus_hz + BAUD / 2) / BAUD;
    USART3->cr3 = USART_CR3_DMAR | USART_CR3_DMAT | USART_CR3_RTSE | USART_CR3_CTSE;
    stop(TRANSMITTER);
    transmitting = false;
    start_receiver();
    started = true;
    USART3->cr1 = USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_IDLEIE;
    interrupt_enable(IRQ_USART3);
    interrupt_enable(IRQ_DMA1_STREAM3);
}

void modem_uart_release(void)
{
    if (!started)
        return;
    USART3->cr1 = 0;
    stop(TRANSMITTER);
    stop(RECEIVER);
}

/* The line went quiet after some bytes. Status, then data: that clears IDLE (RM0033 §24.6.1). */
void irq_usart3(void)
{
    (void)USART3->sr;
    (void)USART3->dr;
}

void irq_dma1_stream3(void)
{
    DMA1->lifcr = DMA_LIFCR_STREAM3;
    transmitting = false;
}

static uint32_t receive_head(void)
{
    return (RECEIVE_SIZE - RECEIVER->ndtr) % RECEIVE_SIZE;
}

bool modem_uart_has_data(void)
{
    return started && receive_head() != receive_tail;
}

uint32_t board_modem_read(uint8_t *to, uint32_t capacity)
{
    uint32_t head = receive_head();
    uint32_t count = 0;
    while (receive_tail != head && count < capacity) {
        to[count++] = receive_ring[receive_tail];
        receive_tail = (receive_tail + 1) % RECEIVE_SIZE;
    }
    return count;
}

static bool transmitter_idle(void)
{
    return !transmitting;
}

/* False when the modem does not take what was given to it: then the rest is thrown away. */
static bool wait_for_transmitter(void)
{
    uint32_t deadline = board_millis() + TRANSMIT_PATIENCE_MS;
    while (transmitting && (int32_t)(board_millis() - deadline) < 0)
        time_sleep(deadline, transmitter_idle);
    if (!transmitting)
        return true;
    stop(TRANSMITTER);
    transmitting = false;
    return false;
}

static void transmit(const uint8_t *data, uint32_t length)
{
    memcpy(transmit_buffer, data, length);
    DMA1->lifcr = DMA_LIFCR_STREAM3;
    TRANSMITTER->par = (uint32_t)(uintptr_t)&USART3->dr;
    TRANSMITTER->m0ar = (uint32_t)(uintptr_t)transmit_buffer;
    TRANSMITTER->ndtr = length;
    transmitting = true;
    cpu_barrier();
    TRANSMITTER->cr = DMA_CR_CHANNEL(4) | DMA_CR_MINC | DMA_CR_FROM_MEMORY | DMA_CR_TCIE;
    TRANSMITTER->cr |= DMA_CR_EN;
}

void board_modem_write(const void *data, uint32_t length)
{
    const uint8_t *bytes = data;
    while (length > 0 && wait_for_transmitter()) {
        uint32_t part = length < TRANSMIT_SIZE ? length : TRANSMIT_SIZE;
        transmit(bytes, part);
        bytes += part;
        length -= part;
    }
}
