// The flash of a board that starts with the user's own files in it, and nothing else of a product:
// no manifest, no catalogue.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "image/manifest.h"
#include "scenario/scenario.h"

namespace rig::board {

struct FlashRange {
  std::uint32_t start{};
  std::uint32_t size{};
};

struct Planted {
  base::Bytes flash;         // erased where nothing was put
  image::Manifest manifest;  // name, hash and symbols alone
};

// Throws base::UsageError "place in the scenario: file: what is wrong": a file of another
// architecture, bytes outside the flash, two files in one place.
[[nodiscard]] Planted plant(std::span<const scenario::FlashFile> files, FlashRange flash);

}  // namespace rig::board
