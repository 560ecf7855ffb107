/* A small updater with many variants, correct and not: two slots and a status sector of 16 KB each.
 * The words at CONFIG choose the variant; tests write them into the image. */
#include "chip.h"

#define CONFIG    0x08003F00u
#define PRIMARY   0x08004000u
#define SECONDARY 0x08008000u
#define STATUS    0x0800C000u

enum {
    RESUMES = 1u << 0,       /* notes every word copied, and goes on behind the last one */
    DONE_FIRST = 1u << 1,    /* notes the end before the copy: wrong */
    ERASES_ALWAYS = 1u << 2, /* otherwise only if the first word is not blank: wrong */
    TRUSTS_HEADER = 1u << 3, /* starts what has a header, whatever its sum: wrong */
    FALLS_BACK = 1u << 4,    /* copies again when the sum is wrong */
    BACKUP_FLAG = 1u << 5,   /* keeps "in work" in a backup register as well */
    HALF_WORDS = 1u << 6,    /* the status is programmed by half words */
    LOUD = 1u << 7,          /* says what it does */
    HEADER_LAST = 1u << 8,   /* the header makes the copy valid, so it comes last */
};

#define WORDS   REG(CONFIG)
#define FLAGS   REG(CONFIG + 4)
#define WANTED  REG(STATUS)
#define DONE    REG(STATUS + 4)
#define NOTE(i) REG(STATUS + 64 + 4 * (i))
#define BLANK   0xFFFFFFFFu
#define MAGIC   0x5A17C0DEu

static int is(uint32_t flag)
{
    return (FLAGS & flag) != 0;
}

static void say(const char *what, uint32_t value)
{
    if (!is(LOUD))
        return;
    put(what);
    put_hex("at", value);
    line("");
}

static void half_word(uint32_t address, uint16_t value)
{
    FLASH_CR = 1u << 0 | 1u << 8;
    *(volatile uint16_t *)address = value;
    while (FLASH_SR & 1u << 16)
        ;
    FLASH_CR = 0;
}

static void note(uint32_t address, uint32_t value)
{
    if (!is(HALF_WORDS)) {
        flash_word(address, value);
        return;
    }
    half_word(address, (uint16_t)value);
    half_word(address + 2, (uint16_t)(value >> 16));
}

/* A slot: header word (version), payload, sum of both. */
static int sum_is_right(uint32_t slot)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < WORDS; ++i)
        sum = sum * 31 + REG(slot + 4 * i);
    return sum == REG(slot + 4 * WORDS);
}

static void copy_word(uint32_t i)
{
    flash_word(PRIMARY + 4 * i, REG(SECONDARY + 4 * i));
}

static void copy(void)
{
    uint32_t from = 0;
    if (is(RESUMES))
        while (from <= WORDS && NOTE(from) == MAGIC)
            ++from;
    say("copy", from);
    if (from == 0 && (is(ERASES_ALWAYS) || REG(PRIMARY) != BLANK))
        flash_erase(1);
    if (is(BACKUP_FLAG)) {
        PWR_CR = 1u << 8;
        BACKUP(3) = 1;
    }
    if (is(DONE_FIRST))
        note(STATUS + 4, MAGIC);
    for (uint32_t i = from; i <= WORDS; ++i) {
        if (i != 0 || !is(HEADER_LAST))
            copy_word(i);
        if (is(RESUMES))
            note(STATUS + 64 + 4 * i, MAGIC);
    }
    if (is(HEADER_LAST))
        copy_word(0);
    if (!is(DONE_FIRST))
        note(STATUS + 4, MAGIC);
    if (is(BACKUP_FLAG))
        BACKUP(3) = 0;
}

int main(void)
{
    console_init();
    flash_unlock();
    if (is(BACKUP_FLAG) && BACKUP(3) != 0)
        say("was in work", BACKUP(3));
    if (WANTED == MAGIC && DONE != MAGIC)
        copy();
    int good = sum_is_right(PRIMARY);
    if (!good && is(FALLS_BACK) && sum_is_right(SECONDARY)) {
        say("again", REG(PRIMARY));
        flash_erase(1);
        for (uint32_t i = 0; i <= WORDS; ++i)
            copy_word(i);
        good = sum_is_right(PRIMARY);
    }
    if (good || (is(TRUSTS_HEADER) && REG(PRIMARY) < 16)) {
        put("app");
        put_hex("version", REG(PRIMARY));
        put_hex("sum", REG(PRIMARY + 4 * WORDS));
        line("");
    } else {
        line("no app");
    }
    line("end");
    return 0;
}
