/* The serial NOR on SPI0: Spansion S25FL128S (data sheet 001-98283, §9 and §10), 16 MB, three
 * address bytes, erase blocks of 64 KB, pages of 256 bytes. Polled; whoever calls waits. */
#ifndef EMCRAFT_SF2_NOR_H
#define EMCRAFT_SF2_NOR_H

#include <stdint.h>

enum { NOR_BLOCK = 0x10000, NOR_PAGE = 256 };

void nor_init(void);
void nor_read(uint32_t at, uint8_t *to, uint32_t length);
/* Sets the block that starts at `at` to 0xFF. 0 or BOARD_NOT_PROGRAMMED: it did not get ready. */
int nor_erase(uint32_t at);
/* ANDs `length` bytes into the NOR, all within one page. 0 or BOARD_NOT_PROGRAMMED. */
int nor_program(uint32_t at, const uint8_t *from, uint32_t length);

#endif
