// How long to wait for an acknowledgement: RFC 6298. Pure.
#pragma once

#include "base/time.h"
#include "tcp/personality.h"

namespace rig::tcp {

class RoundTrip {
 public:
  explicit RoundTrip(const Personality& limits);

  // A round trip of something that was sent once only (Karn: no other is a sample).
  void measured(base::Duration round_trip);
  // Nobody answered: twice as long, up to the longest (5.5). It stays so until the next sample.
  void back_off();
  // The SYN was lost: the data starts with 3 s unless a round trip was measured (5.7).
  void after_lost_syn();

  [[nodiscard]] base::Duration timeout() const { return timeout_; }

 private:
  base::Duration shortest_;
  base::Duration longest_;
  base::Duration least_variation_;
  base::Duration timeout_;
  base::Duration smoothed_{};  // SRTT; zero: no sample yet
  base::Duration variation_{};
};

}  // namespace rig::tcp
