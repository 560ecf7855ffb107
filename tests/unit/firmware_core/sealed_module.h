// Module binaries for tests of the firmware's C: small ones, sealed like those of the build.
#pragma once

#include <cstdint>
#include <vector>

#include "unit/firmware_core/fake_board.h"

namespace firmware_core {

inline constexpr std::uint32_t kSystem = 0x08020000;
inline constexpr std::uint32_t kUser = 0x08080000;
inline constexpr std::uint32_t kFactory = 0x080A0000;
inline constexpr std::uint32_t kScratch = 0x080C0000;

struct Sealed {
  std::uint32_t start{kUser};
  std::uint32_t bytes{1000};  // CRC excluded
  std::uint16_t version{1};
  std::uint16_t platform{10};
  std::uint8_t function{MODULE_USER};
  std::uint32_t prefix{};
  module_dependency needs{};
};

std::vector<std::uint8_t> module_of(const Sealed& sealed);

}  // namespace firmware_core
