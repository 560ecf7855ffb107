// Real time: the one monotonic clock that stamps everything the rig sees and does on a real board.
// Only io, cli and the drivers ask for it; whatever decides is handed a base::Instant.
#pragma once

#include <chrono>

#include "base/time.h"

namespace rig::io {

using base::Duration;
using Time = std::chrono::steady_clock::time_point;

[[nodiscard]] inline Time now() { return std::chrono::steady_clock::now(); }

// The distance from a cycle's start; what happened before it counts as its start.
[[nodiscard]] constexpr base::Instant instant_of(Time at, Time cycle_start) {
  return base::kCycleStart + (at < cycle_start ? Duration{} : at - cycle_start);
}

}  // namespace rig::io
