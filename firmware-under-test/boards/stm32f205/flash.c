#include <stdbool.h>
#include <stddef.h>

#include "core/board.h"
#include "registers.h"

/* 4 x 16 KB, 64 KB, 7 x 128 KB (PM0059 table 2); the last entry is the end of the flash. */
static const uint32_t sectors[] = {
    0x08000000, 0x08004000, 0x08008000, 0x0800C000, 0x08010000, 0x08020000, 0x08040000,
    0x08060000, 0x08080000, 0x080A0000, 0x080C0000, 0x080E0000, 0x08100000,
};
enum { SECTORS = sizeof sectors / sizeof *sectors - 1 };

#define ALL_ERRORS                                                                                 \
    (FLASH_SR_OPERR | FLASH_SR_WRPERR | FLASH_SR_PGAERR | FLASH_SR_PGPERR | FLASH_SR_PGSERR)

static int sector_of(uint32_t address)
{
    for (int i = SECTORS - 1; i >= 0; --i) {
        if (address >= sectors[i])
            return address < sectors[SECTORS] ? i : BOARD_BAD_ADDRESS;
    }
    return BOARD_BAD_ADDRESS;
}

uint32_t board_flash_sector_end(uint32_t address)
{
    int sector = sector_of(address);
    return sector < 0 ? 0 : sectors[sector + 1];
}

const void *board_flash_at(uint32_t address)
{
    return (const void *)(uintptr_t)address;
}

static void unlock(void)
{
    if ((FLASH->cr & FLASH_CR_LOCK) != 0) {
        FLASH->keyr = FLASH_KEY1;
        FLASH->keyr = FLASH_KEY2;
    }
    FLASH->sr = ALL_ERRORS | FLASH_SR_EOP;
}

/* Code runs from the same flash, so the core stands still while an operation runs and the loop sees
 * BSY at 0 at once. */
static void wait(void)
{
    while ((FLASH->sr & FLASH_SR_BSY) != 0) {
    }
}

static int lock(void)
{
    bool failed = (FLASH->sr & ALL_ERRORS) != 0;
    FLASH->cr = FLASH_CR_LOCK;
    return failed ? BOARD_NOT_PROGRAMMED : BOARD_OK;
}

/* The data cache may still hold what was erased (PM0059 §2.5: reset it after an erase). */
static void forget_cached_data(void)
{
    uint32_t acr = FLASH->acr;
    FLASH->acr = acr & ~FLASH_ACR_DCEN;
    FLASH->acr = (acr & ~FLASH_ACR_DCEN) | FLASH_ACR_DCRST;
    FLASH->acr = acr & ~FLASH_ACR_DCRST;
}

int board_flash_erase(uint32_t address)
{
    int sector = sector_of(address);
    if (sector < 0)
        return sector;
    unlock();
    FLASH->cr = FLASH_CR_SER | FLASH_CR_SNB(sector) | FLASH_CR_PSIZE_X32;
    FLASH->cr |= FLASH_CR_STRT;
    wait();
    int result = lock();
    forget_cached_data();
    return result;
}

static void program_words(volatile uint32_t *to, const uint32_t *from, uint32_t count)
{
    for (; count > 0; --count) {
        *to++ = *from++;
        wait();
    }
}

int board_flash_program(uint32_t address, const void *data, uint32_t length)
{
    if (sector_of(address) < 0 || (address | length | (uintptr_t)data) % 4 != 0)
        return BOARD_BAD_ADDRESS;
    unlock();
    FLASH->cr = FLASH_CR_PG | FLASH_CR_PSIZE_X32;
    program_words((volatile uint32_t *)(uintptr_t)address, data, length / 4);
    return lock();
}
