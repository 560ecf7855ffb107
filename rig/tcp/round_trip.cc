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
      timeout_(limits.first_timeout),
      falls_slowly_(limits.variation_falls_slowly) {}

void RoundTrip::measured(base::Duration round_trip, bool first) {
  if (smoothed_ == base::Duration::zero()) {
    smoothed_ = round_trip;
    deviation_ = 2 * round_trip;
    variation_ = falls_slowly_ ? std::max(deviation_, least_variation_) : deviation_;
    largest_ = variation_;
  } else {
    const base::Duration off = round_trip - smoothed_;
    if (falls_slowly_) {
      follow_variation(off, first);
    } else {
      variation_ = (3 * variation_ + 4 * std::chrono::abs(off)) / 4;
    }
    smoothed_ += off / 8;
  }
  timeout_ = std::clamp(smoothed_ + std::max(least_variation_, variation_), shortest_, longest_);
}

// A round trip that was shorter than most counts an eighth; the variation rises with every sample
// and falls once in a round trip, to the largest deviation in it.
void RoundTrip::follow_variation(base::Duration off, bool first) {
  base::Duration change = std::chrono::abs(off) - deviation_ / 4;
  if (off < base::Duration::zero() && change > base::Duration::zero()) change /= 8;
  deviation_ += change;
  largest_ = std::max(largest_, deviation_);
  variation_ = std::max(variation_, largest_);
  if (!first) return;
  variation_ -= (variation_ - largest_) / 4;
  largest_ = least_variation_;
}

void RoundTrip::back_off() { timeout_ = std::min(2 * timeout_, longest_); }

void RoundTrip::after_lost_syn() { timeout_ = std::max(kAfterLostSyn, shortest_); }

}  // namespace rig::tcp
