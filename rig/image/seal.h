// Makes a module binary out of what the linker left: fills the reserved prefix, pads, and appends
// the suffix and the CRC (layout: module.h).
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "image/module.h"

namespace rig::image {

struct SealOptions {
  ModuleFunction function{ModuleFunction::user};
  std::uint8_t index{1};
  std::uint16_t version{};
  std::uint16_t platform{10};  // Electron
  std::uint32_t start_address{};
  std::size_t prefix_offset{};  // a multiple of 4; 24 equal bytes, 0x00 or 0xFF, are reserved there
  std::vector<Dependency> dependencies{};  // at most two
  // Bytes before the CRC word, so that the file has pad_to + 4; 0: only to the next word. Filled
  // with fixed pseudo-random bytes that differ per function and version, as a resource would.
  std::size_t pad_to{};
  std::optional<Product> product{};
};

[[nodiscard]] Result<base::Bytes> seal_module(base::Bytes raw, const SealOptions& options);

// Recomputes SHA-256 and CRC after a change inside a module that parses.
[[nodiscard]] Result<base::Bytes> reseal(base::Bytes module);

}  // namespace rig::image
