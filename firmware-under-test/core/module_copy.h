/* Copies a module over another place in flash: the sectors of the destination are erased, then
 * 32-bit words are programmed in ascending order, then everything is compared. Interrupted in
 * between, the destination is neither old nor new; only its CRC tells. */
#ifndef CORE_MODULE_COPY_H
#define CORE_MODULE_COPY_H

#include <stdbool.h>
#include <stdint.h>

struct module_copy {
    uint32_t from;
    uint32_t to;     /* start of a sector */
    uint32_t length; /* bytes; rounded up to words */
};

/* The copy of the CRC-checked module stored at `from` to where it runs (or, for the factory copy,
 * to any other place). Its length is module_length(). */
struct module_copy module_copy_of(uint32_t from, uint32_t to);

/* 0, or the first board_error; BOARD_NOT_PROGRAMMED when the comparison finds a difference. */
int module_copy_run(const struct module_copy *copy);

/* The erase alone, of every sector that [address, address + length) touches: what a transfer does
 * with its scratch area. */
int flash_erase_range(uint32_t address, uint32_t length);

#endif
