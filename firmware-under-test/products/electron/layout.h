/* Flash and RAM of the product: STM32F205RG, 1 MB flash, 128 KB RAM, at the addresses of Particle's
 * Electron (device-os v0.7.0, hal/src/electron/ota_module_bounds.c) with one system part. */
#ifndef ELECTRON_LAYOUT_H
#define ELECTRON_LAYOUT_H

#include "core/module.h"

enum { ELECTRON_PLATFORM = 10 };

#define BOOTLOADER_START  0x08000000u
#define BOOTLOADER_SIZE   0x4000u
#define DCT_FIRST_SECTOR  0x08004000u
#define DCT_SECOND_SECTOR 0x08008000u
#define SYSTEM_START      0x08020000u
#define SYSTEM_SIZE       0x20000u
#define USER_START        0x08080000u
#define USER_SIZE         0x20000u
#define FACTORY_START     0x080A0000u
#define FACTORY_SIZE      0x20000u
#define SCRATCH_START     0x080C0000u
#define SCRATCH_SIZE      0x20000u

/* System and user application live in RAM side by side, the stack on top. A bootloader has all. */
#define SYSTEM_RAM_START 0x20000000u
#define SYSTEM_RAM_SIZE  0x10000u
#define USER_RAM_START   0x20010000u
#define USER_RAM_SIZE    0x8000u
#define STACK_TOP        0x20020000u

/* Bootloader, system and user: where each must run. */
extern const struct module_map electron_modules;

#endif
