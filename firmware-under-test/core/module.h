/* Firmware modules in Particle's binary layout (device-os v0.7.0, dynalib/inc/module_info.h).
 *
 *   prefix, 24 bytes, at offset 0 or, behind a vector table, at 0x184; little endian
 *   code and data
 *   suffix: [product fields] u16 reserved | u8 sha256[32] | u16 size (36), just before the CRC
 *   CRC-32 of everything before it, the only big-endian field; stands at the end address
 *
 * A stored module may lie elsewhere than it runs: in the OTA scratch area, in the factory copy.
 * `address` below is always where it is stored. */
#ifndef CORE_MODULE_H
#define CORE_MODULE_H

#include <stdbool.h>
#include <stdint.h>

enum module_function {
    MODULE_NONE = 0,
    MODULE_BOOTLOADER = 2,
    MODULE_SYSTEM = 4,
    MODULE_USER = 5,
};

struct module_dependency {
    uint8_t function; /* MODULE_NONE: no dependency */
    uint8_t index;
    uint16_t version; /* at least */
};

enum { MODULE_DEPENDENCIES = 2 };

struct module_info {
    uint32_t start; /* where the module runs */
    uint32_t end;   /* exclusive; the CRC stands here */
    uint8_t reserved;
    uint8_t flags;
    uint16_t version;
    uint16_t platform;
    uint8_t function; /* enum module_function */
    uint8_t index;
    struct module_dependency dependencies[MODULE_DEPENDENCIES];
};
_Static_assert(sizeof(struct module_info) == 24, "prefix of module_info.h");

enum {
    MODULE_VECTORS = 0x184, /* size of the STM32F2 vector table before the prefix */
    MODULE_CRC = 4,
};

/* Where a product runs its modules. */
struct module_region {
    uint8_t function;
    uint8_t index;
    uint32_t start;
    uint32_t capacity; /* bytes, CRC included */
};

struct module_map {
    uint16_t platform;
    uint32_t count;
    const struct module_region *regions;
};

enum module_state {
    MODULE_VALID,
    MODULE_NO_HEADER, /* erased, or no plausible prefix */
    MODULE_WRONG_PLATFORM,
    MODULE_OUT_OF_RANGE, /* no region of the map has this start, or it is larger than its region */
    MODULE_BAD_CRC,
};

/* The prefix of the module stored at `address`, or NULL: its addresses are in order, the length is
 * that of a module (at most 1 MB), its function is one of enum module_function. Nothing else is
 * checked. */
const struct module_info *module_find(uint32_t address);

/* Bytes of the whole module, CRC included. */
uint32_t module_length(const struct module_info *info);

/* The region a module runs in, or NULL. */
const struct module_region *module_region(const struct module_map *map, uint8_t function,
                                          uint8_t index);

/* Everything but the dependencies, in the order of enum module_state. */
enum module_state module_validate(uint32_t address, const struct module_map *map);

/* The same without the CRC: what the prefix alone says. */
enum module_state module_validate_header(uint32_t address, const struct module_map *map);

/* Whether every dependency is met by the prefix of an installed module of at least that version.
 * The first unmet one goes to `*unmet` unless that is NULL. */
bool module_dependencies_met(const struct module_info *info, const struct module_map *map,
                             struct module_dependency *unmet);

/* Words of the console: "ok", "header", "platform", "range", "crc". */
const char *module_state_name(enum module_state state);
/* "bootloader", "system", "user", "none". */
const char *module_function_name(uint8_t function);

#endif
