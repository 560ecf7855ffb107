#include "power/clock.h"

#include <algorithm>

namespace rig::power {

Moment now() { return std::chrono::steady_clock::now(); }

int milliseconds_left(Moment deadline) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now());
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds::zero(), kLongest).count());
}

}  // namespace rig::power
