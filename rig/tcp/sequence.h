// Sequence numbers wrap: of two that are less than 2^31 apart, one is behind the other when the way
// from it to the other is the shorter one (RFC 9293 section 3.4).
#pragma once

#include <cstdint>

namespace rig::tcp {

[[nodiscard]] constexpr bool behind(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}

}  // namespace rig::tcp
