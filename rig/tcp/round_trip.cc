#include "tcp/round_trip.h"

#include <algorithm>

namespace rig::tcp {

namespace {

constexpr base::Duration kAfterLostSyn = std::chrono::seconds(3);

}  // namespace

RoundTrip::RoundTrip(const Personality& limits)
    : shortest_(limits.shortest_timeout),
      longest_(limits.longest_timeout),
      least_variation_(limits.shortest_variation),
      timeout_(limits.first_timeout) {}

void RoundTrip::measured(base::Duration round_trip) {
  if (smoothed_ == base::Duration::zero()) {
    smoothed_ = round_trip;
    variation_ = round_trip / 2;
  } else {
    const base::Duration off = std::chrono::abs(smoothed_ - round_trip);
    variation_ = (3 * variation_ + off) / 4;
    smoothed_ = (7 * smoothed_ + round_trip) / 8;
  }
  timeout_ =
      std::clamp(smoothed_ + std::max(least_variation_, 4 * variation_), shortest_, longest_);
}

void RoundTrip::back_off() { timeout_ = std::min(2 * timeout_, longest_); }

void RoundTrip::after_lost_syn() { timeout_ = std::max(kAfterLostSyn, shortest_); }

}  // namespace rig::tcp
