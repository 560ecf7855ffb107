// How far real departures lie from the ideal schedule that the model computed: what a run says of
// its own accuracy. Pure; a value of constant size: figures are kept in 32 steps per power of two,
// so a percentile is at most 3.2 % too high and never too low.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"

namespace rig::shaping {

class DepartureError {
 public:
  void add(base::Instant ideal, base::Instant actual);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  // The error that `share` (0..1) of the departures did not exceed; zero when there were none.
  [[nodiscard]] base::Duration percentile(double share) const;
  [[nodiscard]] base::Duration max() const { return max_; }
  // From the first departure to the last: ideal time over real time, less one. 0.001: 0.1 % fast.
  // Zero before there are two. True of the line's rate as long as it was busy all the while; idle
  // time is in both spans and makes the figure smaller.
  [[nodiscard]] double rate_error() const;

 private:
  static constexpr unsigned kStepBits = 5;
  static constexpr unsigned kPowers = 60;

  [[nodiscard]] static std::size_t slot_of(std::uint64_t nanoseconds);
  [[nodiscard]] static std::uint64_t end_of(std::size_t slot);

  std::array<std::uint32_t, kPowers << kStepBits> slots_{};
  std::uint64_t count_{0};
  base::Duration max_{};
  base::Instant first_ideal_{}, first_actual_{};
  base::Instant last_ideal_{}, last_actual_{};
};

}  // namespace rig::shaping
