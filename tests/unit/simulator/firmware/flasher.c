/* Erases a sector, programs it word by word, checks it; then programs over words that are not
 * erased, and stores while locked. */
#include "chip.h"

enum { kTarget = 0x080C0000, kWords = 4096 };

int main(void)
{
    console_init();
    line("start");
    flash_unlock();
    flash_erase(10);
    line("erased");
    for (uint32_t i = 0; i < kWords; ++i)
        flash_word(kTarget + 4 * i, i * 2654435761u);
    uint32_t bad = 0;
    for (uint32_t i = 0; i < kWords; ++i)
        bad += REG(kTarget + 4 * i) != i * 2654435761u;
    put("programmed");
    put_hex("bad", bad);
    line("");
    flash_word(kTarget + 4 * kWords, 0x0FF0F0F0);
    flash_word(kTarget + 4 * kWords, 0xFF00FF0F);
    put("anded");
    put_hex("word", REG(kTarget + 4 * kWords));
    line("");
    FLASH_CR = 1u << 31;
    REG(kTarget + 4 * kWords + 4) = 0;
    put("locked");
    put_hex("word", REG(kTarget + 4 * kWords + 4));
    put_hex("sr", FLASH_SR);
    line("");
    return 0;
}
