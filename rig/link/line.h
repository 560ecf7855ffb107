// The line of one direction: when a packet that begins now has been sent. One after the other, none
// interrupted, without a free burst. Departures are computed in thousandths of a bit per second
// with the remainder carried over, so that a saturated line is exact to the nanosecond after any
// number of packets. With a trace a packet leaves with the opportunity that takes its last byte;
// what is left of an opportunity is only for those who were waiting.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "link/path.h"

namespace rig::link {

class Line {
 public:
  // Everything accepted so far has been sent.
  [[nodiscard]] base::Instant free_at() const { return free_at_; }
  // The next packet, offered at `offered`, begins when the line is free. Returns its last bit.
  [[nodiscard]] base::Instant depart(const Path& path, std::uint64_t line_bytes,
                                     base::Instant offered);

 private:
  [[nodiscard]] base::Instant next_opportunity(const Trace& trace, base::Instant begin);

  base::Instant free_at_{};
  std::uint64_t remainder_{0};          // of free_at_, in 1/rate nanoseconds
  std::uint64_t opportunity_{0};        // the next one of the trace, counted over all rounds
  std::uint64_t opportunity_bytes_{0};  // left of the one at free_at_
};

}  // namespace rig::link
