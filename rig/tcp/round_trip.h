// How long to wait for an acknowledgement: RFC 6298. Pure.
#pragma once

#include "base/time.h"
#include "tcp/personality.h"

namespace rig::tcp {

class RoundTrip {
 public:
  explicit RoundTrip(const Personality& limits);

  // A round trip of something that was sent once only (Karn: no other is a sample). `first`: the
  // first sample since all that was under way at the last such one has been acknowledged.
  void measured(base::Duration round_trip, bool first);
  // Nobody answered: twice as long, up to the longest (5.5). It stays so until the next sample.
  void back_off();
  // The SYN was lost: the data starts with 3 s unless a round trip was measured (5.7).
  void after_lost_syn();

  [[nodiscard]] base::Duration timeout() const { return timeout_; }
  [[nodiscard]] base::Duration smoothed() const { return smoothed_; }

 private:
  base::Duration shortest_;
  base::Duration longest_;
  base::Duration least_variation_;
  base::Duration timeout_;
  void follow_variation(base::Duration off, bool first);

  bool falls_slowly_;
  base::Duration smoothed_{};   // SRTT; zero: no sample yet
  base::Duration variation_{};  // four of RTTVAR
  // falls_slowly_: the mean deviation, four of it, and its largest within this round trip.
  base::Duration deviation_{};
  base::Duration largest_{};
};

}  // namespace rig::tcp
