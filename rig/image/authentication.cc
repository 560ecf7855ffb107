#include "image/authentication.h"

#include <algorithm>

#include "base/assert.h"
#include "base/checksum.h"

namespace rig::image {
namespace {

constexpr std::size_t kHashBlock = 64;  // of SHA-256
constexpr std::string_view kFleetKey = "otarig imp fleet key, not secret";

base::Bytes padded(base::ByteView key, std::uint8_t mask) {
  base::Bytes block(kHashBlock, 0);
  std::ranges::copy(key, block.begin());
  for (std::uint8_t& byte : block) byte ^= mask;
  return block;
}

}  // namespace

std::array<std::uint8_t, kTagBytes> hmac_sha256(base::ByteView key, base::ByteView text) {
  RIG_ASSERT(key.size() <= kHashBlock);
  base::Bytes inner = padded(key, 0x36);
  base::append(inner, text);
  const auto digest = base::sha256(inner);
  base::Bytes outer = padded(key, 0x5c);
  base::append(outer, base::ByteView(digest));
  return base::sha256(outer);
}

base::Bytes authenticated(base::ByteView module) {
  const auto tag = hmac_sha256(base::bytes_of(kFleetKey), module);
  base::Bytes whole(module.begin(), module.end());
  base::append(whole, base::ByteView(tag));
  return whole;
}

}  // namespace rig::image
