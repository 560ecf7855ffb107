#include "shaping/departure_error.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace rig::shaping {

// Below 2^kStepBits a slot is one nanosecond; above, each power of two has 2^kStepBits slots.
std::size_t DepartureError::slot_of(std::uint64_t nanoseconds) {
  const auto width = static_cast<unsigned>(std::bit_width(nanoseconds));
  if (width <= kStepBits) return nanoseconds;
  const unsigned shift = width - kStepBits - 1;
  const std::size_t step = (nanoseconds >> shift) & ((1U << kStepBits) - 1);
  const std::size_t slot = (static_cast<std::size_t>(shift + 1) << kStepBits) + step;
  return std::min<std::size_t>(slot, (kPowers << kStepBits) - 1);
}

std::uint64_t DepartureError::end_of(std::size_t slot) {
  const std::size_t power = slot >> kStepBits;
  const std::uint64_t step = slot & ((1U << kStepBits) - 1);
  if (power == 0) return step;
  return (((1ULL << kStepBits) + step + 1) << (power - 1)) - 1;
}

void DepartureError::add(base::Instant ideal, base::Instant actual) {
  const base::Duration error = actual < ideal ? ideal - actual : actual - ideal;
  ++slots_[slot_of(static_cast<std::uint64_t>(error.count()))];
  max_ = std::max(max_, error);
  if (count_++ == 0) {
    first_ideal_ = ideal;
    first_actual_ = actual;
  }
  last_ideal_ = ideal;
  last_actual_ = actual;
}

base::Duration DepartureError::percentile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t slot = 0; slot < slots_.size() && count_ > 0; ++slot) {
    seen += slots_[slot];
    if (seen < std::max<std::uint64_t>(wanted, 1)) continue;
    return std::min(max_, base::Duration(static_cast<std::int64_t>(end_of(slot))));
  }
  return max_;
}

double DepartureError::rate_error() const {
  const double actual = base::to_seconds(last_actual_ - first_actual_);
  const double ideal = base::to_seconds(last_ideal_ - first_ideal_);
  return actual > 0 && ideal > 0 ? ideal / actual - 1 : 0;
}

}  // namespace rig::shaping
