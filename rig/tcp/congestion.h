// How much may be under way: slow start, congestion avoidance and recovery of RFC 5681 with the
// NewReno rules of RFC 6582 and the limited transmit of RFC 3042. Pure; counts bytes and knows
// neither time nor sequence numbers. Where those leave a choice it is that of a Linux kernel with
// tcp_congestion_control=reno, whose packets it was compared with one by one: slow start grows by
// all that was acknowledged, a loss halves the window and not what is under way (which a small
// receiver limits), a recovery ends with that half. CUBIC grows differently above some hundred
// kilobytes per second.
#pragma once

#include <algorithm>
#include <cstdint>

namespace rig::tcp {

class Congestion {
 public:
  Congestion(std::uint32_t mss, std::uint32_t initial_segments);

  // The window in bytes, with what duplicate acknowledgements allow on top.
  [[nodiscard]] std::uint32_t window() const { return window_ + extra_; }
  [[nodiscard]] bool recovering() const { return recovering_; }

  // New data was acknowledged outside of a recovery. `flight`: bytes under way before it was.
  void acknowledged(std::uint32_t bytes, std::uint32_t flight);
  // A duplicate acknowledgement. True: the third one, retransmit the oldest segment now.
  [[nodiscard]] bool duplicate(std::uint32_t flight);
  // During a recovery some, but not all, of what was under way at its start was acknowledged: the
  // segment behind it is lost too.
  void partly_recovered(std::uint32_t bytes);
  void recovered();

  void timed_out();
  // The timeout was spurious: as it was before the first one in a row.
  void undo_timeout();
  // A SYN was lost more than once: start with one segment (RFC 6928 section 2).
  void lost_syn() { window_ = mss_; }

 private:
  [[nodiscard]] std::uint32_t halved() const { return std::max(window_ / 2, 2 * mss_); }

  std::uint32_t mss_;
  std::uint32_t window_;
  std::uint32_t threshold_{0x7FFFFFFF};
  std::uint32_t extra_{0};
  std::uint32_t avoided_{0};  // bytes acknowledged towards the next segment in avoidance
  int duplicates_{0};
  bool recovering_{false};
  bool after_timeout_{false};  // nothing was acknowledged since
  std::uint32_t window_before_{0};
  std::uint32_t threshold_before_{0};
};

}  // namespace rig::tcp
