// The firmware's C headers, for C++.
#pragma once

// C names functions like their structs and enums.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#define _Static_assert static_assert
extern "C" {
#include "core/board.h"
#include "core/boot_flags.h"
#include "core/dct.h"
#include "core/module.h"
#include "core/module_copy.h"
#include "core/slots.h"
#include "products/electron/system_api.h"

void image_main(void);
extern const struct system_api electron_api;
}
#undef _Static_assert
#pragma GCC diagnostic pop
