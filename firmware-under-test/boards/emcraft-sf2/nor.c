#include "nor.h"

#include <stddef.h>

#include "core/board.h"
#include "registers.h"

enum { READ = 0x03, PAGE_PROGRAM = 0x02, BLOCK_ERASE = 0xD8, WRITE_ENABLE = 0x06 };
enum { READ_STATUS = 0x05, STATUS_BUSY = 1, COMMAND_BYTES = 4 };
/* Rounds of asking the NOR whether it is ready: longer than the slowest erase, 2.6 s, takes. */
enum { PATIENCE = 2000000, LONGEST_READ = 0x8000 };
_Static_assert(LONGEST_READ + COMMAND_BYTES <= SPI_MOST_FRAMES, "one transaction");

#define MASTER                                                                                     \
    (SPI_CONTROL_ENABLE | SPI_CONTROL_MASTER | SPI_CONTROL_HOLD_SELECT | SPI_CONTROL_BIG_FIFO)

/* The controller comes out of a reset held in its own, bit 31 of CONTROL. */
void nor_init(void)
{
    SPI0->control = SPI_CONTROL_MASTER;
    SPI0->frame_size = 8;
    SPI0->slave_select = BIT(0);
}

/* The NOR stays selected until this many bytes have been exchanged. */
static void begin(uint32_t bytes)
{
    SPI0->control = MASTER | SPI_CONTROL_FRAMES(bytes);
}

static uint8_t exchange(uint8_t out)
{
    SPI0->tx = out;
    while ((SPI0->status & SPI_STATUS_RX_FIFO_EMPTY) != 0) {
    }
    return (uint8_t)SPI0->rx;
}

static void begin_command(uint8_t command, uint32_t at, uint32_t data_bytes)
{
    begin(COMMAND_BYTES + data_bytes);
    (void)exchange(command);
    (void)exchange((uint8_t)(at >> 16));
    (void)exchange((uint8_t)(at >> 8));
    (void)exchange((uint8_t)at);
}

/* A FIFO full at a time: asking for the status of every byte would take half as long again. */
static void receive_burst(uint8_t *to)
{
    for (int i = 0; i < SPI_FIFO; ++i)
        SPI0->tx = 0;
    while ((SPI0->status & SPI_STATUS_RX_FIFO_FULL) == 0) {
    }
    for (int i = 0; i < SPI_FIFO; ++i)
        *to++ = (uint8_t)SPI0->rx;
}

static void receive(uint8_t *to, uint32_t length)
{
    for (; length >= SPI_FIFO; length -= SPI_FIFO, to += SPI_FIFO)
        receive_burst(to);
    for (; length > 0; --length)
        *to++ = exchange(0);
}

void nor_read(uint32_t at, uint8_t *to, uint32_t length)
{
    while (length > 0) {
        uint32_t part = length < LONGEST_READ ? length : LONGEST_READ;
        begin_command(READ, at, part);
        receive(to, part);
        at += part;
        to += part;
        length -= part;
    }
}

static void enable_writing(void)
{
    begin(1);
    (void)exchange(WRITE_ENABLE);
}

static int wait_until_ready(void)
{
    for (uint32_t round = 0; round < PATIENCE; ++round) {
        begin(2);
        (void)exchange(READ_STATUS);
        if ((exchange(0) & STATUS_BUSY) == 0)
            return BOARD_OK;
    }
    return BOARD_NOT_PROGRAMMED;
}

int nor_erase(uint32_t at)
{
    enable_writing();
    begin_command(BLOCK_ERASE, at, 0);
    return wait_until_ready();
}

int nor_program(uint32_t at, const uint8_t *from, uint32_t length)
{
    enable_writing();
    begin_command(PAGE_PROGRAM, at, length);
    for (; length > 0; --length)
        (void)exchange(*from++);
    return wait_until_ready();
}
