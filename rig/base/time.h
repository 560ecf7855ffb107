// The rig's time: an instant is a distance from the start of a cycle.
//
// There is no now() here. Pure code is handed the instant at which something happens; the real-time
// shell maps std::chrono::steady_clock to it, the simulator counts it.
#pragma once

#include <chrono>
#include <cstdint>

namespace rig::base {

using Duration = std::chrono::nanoseconds;

struct CycleClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<CycleClock, duration>;
  static constexpr bool is_steady = true;
};

// Nanoseconds since the cycle began; never negative.
using Instant = CycleClock::time_point;

inline constexpr Instant kCycleStart{};

[[nodiscard]] constexpr std::int64_t to_microseconds(Instant at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

[[nodiscard]] constexpr double to_seconds(Duration length) {
  return std::chrono::duration<double>(length).count();
}

}  // namespace rig::base
