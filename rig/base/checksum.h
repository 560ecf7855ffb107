// Checksums of images and records.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace rig::base {

// CRC-32 (reflected 0xEDB88320, initial and final XOR 0xFFFFFFFF), as zlib and Particle's modules
// use it.
[[nodiscard]] std::uint32_t crc32(ByteView bytes);

[[nodiscard]] std::array<std::uint8_t, 32> sha256(ByteView bytes);

// The first `digits` hexadecimal digits of the SHA-256.
[[nodiscard]] std::string short_hash(ByteView bytes, std::size_t digits = 12);

}  // namespace rig::base
