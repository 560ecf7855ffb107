#include "shaping/alarm.h"

#include <algorithm>

namespace rig::shaping {
namespace {

using base::Duration;
using namespace std::chrono_literals;

// A thread that sleeps is woken this much late now and then, on a machine with nothing else to do.
constexpr Duration kLeastAwake = 150us;
constexpr Duration kMostAwake = 5ms;
constexpr int kShareAwake = 10;  // one part in so many of the time until the departure
constexpr Duration kLeastOnClock = 10us;
constexpr Duration kMostOnClock = 300us;  // so late a packet may be looked at that came meanwhile
constexpr int kFades = 256;

}  // namespace

Duration Alarm::before(Duration ahead) const {
  const Duration wanted = std::clamp(2 * waking_.size(), kLeastAwake, kMostAwake);
  return std::min(wanted, std::max(kLeastAwake, ahead / kShareAwake));
}

Duration Alarm::just_before() const {
  return std::clamp(2 * looking_.size(), kLeastOnClock, kMostOnClock);
}

void Alarm::Worst::saw(Duration size) { size_ = std::max(size, size_ - size_ / kFades); }

}  // namespace rig::shaping
