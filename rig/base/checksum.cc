#include "base/checksum.h"

#include <nettle/sha2.h>
#include <zlib.h>

#include <algorithm>

namespace rig::base {

std::uint32_t crc32(ByteView bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, bytes.data(), static_cast<unsigned int>(bytes.size())));
}

std::array<std::uint8_t, 32> sha256(ByteView bytes) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, bytes.size(), bytes.data());
  std::array<std::uint8_t, 32> digest{};
  sha256_digest(&context, digest.size(), digest.data());
  return digest;
}

std::string short_hash(ByteView bytes, std::size_t digits) {
  constexpr const char* kHex = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : sha256(bytes)) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  text.resize(std::min(digits, text.size()));
  return text;
}

}  // namespace rig::base
