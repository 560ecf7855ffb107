/* Prints 256 lines of 64 bytes, polled. */
#include "chip.h"

int main(void)
{
    console_init();
    for (int i = 0; i < 256; ++i)
        line("abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz 0123456789");
    line("end");
    return 0;
}
