/* Counts its boots in flash: each boot appends a word to sector 10, erases it when sixteen are
 * there, prints what it found, and keeps the LED and a counter in RAM going. The whole state of a
 * cut shows in the next boot's line. */
#include "chip.h"

enum { kBase = 0x080C0000, kLimit = 16 };

static uint32_t sum_of(uint32_t address, uint32_t words)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < words; ++i)
        sum = sum * 31 + REG(address + 4 * i);
    return sum;
}

int main(void)
{
    console_init();
    GPIOA_MODER |= 1u << 26;
    GPIOA_BSRR = 1u << 13;
    put("boot");
    put_hex("sum", sum_of(kBase, 1024));
    put_hex("ram", sum_of(0x20010000, 1024));
    line("");
    uint32_t used = 0;
    while (used < kLimit && REG(kBase + 4 * used) != 0xFFFFFFFF)
        ++used;
    flash_unlock();
    if (used == kLimit) {
        flash_erase(10);
        used = 0;
    }
    for (uint32_t i = 0; i < 6; ++i) {
        REG(0x20010000 + 4 * i) = i + used;
        flash_word(kBase + 4 * (used + i), 0xA5000000 | (used + i) << 8 | i);
        put("wrote");
        put_hex("at", used + i);
        line("");
    }
    return 0;
}
