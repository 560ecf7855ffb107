// The models of chance of one direction, each a value with random numbers of its own: which packet
// is lost, and how late one is. Statistics: path.h.
#pragma once

#include <cstdint>

#include "base/random.h"
#include "base/time.h"
#include "link/path.h"

namespace rig::link {

// Finer chance tells nobody anything, and a timeline of such times does not compress.
inline constexpr base::Duration kJitterStep = std::chrono::microseconds(100);

// Starts as a link does that nothing has happened to: in the good state, after a packet that came.
class LossChance {
 public:
  explicit LossChance(std::uint64_t seed) : random_(seed) {}
  [[nodiscard]] bool lost(const LossModel& model);

 private:
  [[nodiscard]] bool lost_by(const std::monostate&) const { return false; }
  [[nodiscard]] bool lost_by(const CorrelatedLoss& model);
  [[nodiscard]] bool lost_by(const GilbertElliott& model);
  [[nodiscard]] bool lost_by(const FourState& model);

  base::Random random_;
  bool last_lost_{false};
  bool bad_{false};
  std::uint8_t state_{1};  // of FourState
};

class DelayChance {
 public:
  explicit DelayChance(std::uint64_t seed) : random_(seed) {}
  // A whole number of kJitterStep; below zero where the packet is early.
  [[nodiscard]] base::Duration deviation(base::Duration jitter, const JitterShape& shape);

 private:
  [[nodiscard]] double normal();
  [[nodiscard]] double scaled(double gauss, const JitterShape& shape);

  base::Random random_;
  double last_{0};  // standard normal, what correlation refers to
  bool begun_{false};
};

}  // namespace rig::link
