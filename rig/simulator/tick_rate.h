// A tick rate as an exact fraction, so that counters derived from virtual time never drift.
#pragma once

#include <cstdint>
#include <numeric>

#include "base/time.h"

namespace rig::simulator {

struct TickRate {
  std::uint64_t nanoseconds{1};  // `ticks` ticks take exactly this long
  std::uint64_t ticks{1};

  // A clock of `hertz` (> 0) behind a divider (> 0).
  [[nodiscard]] static constexpr TickRate of(std::uint64_t hertz, std::uint64_t divider) {
    const std::uint64_t length = 1'000'000'000ULL * divider;
    const std::uint64_t common = std::gcd(length, hertz);
    return {length / common, hertz / common};
  }
  // Whole ticks in `length` (>= 0).
  [[nodiscard]] constexpr std::uint64_t ticks_in(base::Duration length) const {
    return static_cast<std::uint64_t>(length.count()) * ticks / nanoseconds;
  }
  // The shortest length that holds `count` ticks.
  [[nodiscard]] constexpr base::Duration time_for(std::uint64_t count) const {
    return base::Duration(static_cast<std::int64_t>((count * nanoseconds + ticks - 1) / ticks));
  }
};

}  // namespace rig::simulator
