/* Computes for a while: 64 rounds of 100,000 times five instructions, and prints what came out. */
#include "chip.h"

int main(void)
{
    console_init();
    uint32_t value = 1;
    for (int round = 0; round < 64; ++round) {
        uint32_t left = 100000;
        __asm volatile("1: eor %0, %0, %0, lsl #13\n"
                       "eor %0, %0, %0, lsr #17\n"
                       "eor %0, %0, %0, lsl #5\n"
                       "subs %1, #1\n"
                       "bne 1b\n"
                       : "+r"(value), "+r"(left)
                       :
                       : "cc");
        GPIOA_BSRR = 0;
    }
    put("value");
    put_hex("is", value);
    line("");
    return 0;
}
