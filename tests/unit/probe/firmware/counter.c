/*
 * A program to be debugged: calls tick() for ever, which adds one to `ticks`; pump() in between
 * keeps the loop's calls apart. Runs on any Cortex-M with flash at 0x08000000 and 128 KB of RAM at
 * 0x20000000, uses no peripheral.
 */
typedef unsigned int u32;

extern u32 ram_end[];

volatile u32 ticks;
volatile u32 pattern[4] = {0x11223344, 0x55667788, 0x99aabbcc, 0xddeeff00};
volatile u32 large[2048];

void tick(void);
void pump(void);
void start(void);
void fault(void);

__attribute__((noinline)) void tick(void)
{
    ++ticks;
}

__attribute__((noinline)) void pump(void)
{
    for (volatile int i = 0; i < 10; ++i)
        ;
}

static volatile int twin_state;

__attribute__((noinline, used)) static void twin(void)
{
    ++twin_state;
}

void start(void)
{
    for (;;) {
        tick();
        pump();
    }
}

void fault(void)
{
    for (;;)
        ;
}

__attribute__((section(".vectors"), used)) static void (*const vectors[])(void) = {
    (void (*)(void))ram_end,
    start,
    fault,
    fault,
};
