// The flash of a board that starts with the user's own files in it, and nothing else of a product:
// no manifest, no catalogue.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "image/elf_symbols.h"
#include "image/manifest.h"
#include "scenario/scenario.h"
#include "simulator/mcu_description.h"

namespace rig::board {

struct Planted {
  base::Bytes flash;                    // erased where nothing was put
  image::Manifest manifest;             // name, hash and symbols alone
  std::vector<image::ElfSymbols> code;  // of the ELF files that have symbols
};

// Throws base::UsageError "place in the scenario: file: what is wrong": a file of another
// architecture, bytes outside the flash, two files in one place.
[[nodiscard]] Planted plant(std::span<const scenario::FlashFile> files,
                            simulator::MemoryRange flash);

}  // namespace rig::board
