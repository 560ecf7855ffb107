#include "tcp/congestion.h"

#include <algorithm>

namespace rig::tcp {
namespace {

constexpr int kDuplicatesOfALoss = 3;

}  // namespace

Congestion::Congestion(std::uint32_t mss, std::uint32_t initial_segments)
    : mss_(mss), window_(mss * initial_segments) {}

void Congestion::acknowledged(std::uint32_t bytes, std::uint32_t flight) {
  duplicates_ = 0;
  extra_ = 0;
  after_timeout_ = false;
  // A window that was not used says nothing about the path (RFC 7661); it does not grow.
  const bool used = window_ < threshold_ ? 2 * flight >= window_ : flight + mss_ > window_;
  if (!used) return;
  if (window_ < threshold_) {
    const std::uint32_t growth = std::min(bytes, threshold_ - window_);
    window_ += growth;
    bytes -= growth;
  }
  avoided_ += bytes;
  if (avoided_ >= window_) {
    avoided_ -= window_;
    window_ += mss_;
  }
}

bool Congestion::duplicate(std::uint32_t flight) {
  // Each tells of a segment that has arrived behind a gap, and one at least is missing: more of
  // them than that are repetitions of the peer's. (A FIN has a number, and is no segment.)
  const std::uint32_t behind_gap = std::max((flight + mss_ - 2) / mss_, 1U) - 1;
  if (recovering_) {
    extra_ = std::min(extra_ + mss_, behind_gap * mss_);
    return false;
  }
  if (after_timeout_) return false;  // of a segment that was sent before the timeout
  if (duplicates_ >= static_cast<int>(behind_gap)) return false;
  ++duplicates_;
  if (duplicates_ < kDuplicatesOfALoss) {
    extra_ += mss_;  // limited transmit
    return false;
  }
  recovering_ = true;
  threshold_ = halved();
  window_ = threshold_;
  extra_ = kDuplicatesOfALoss * mss_;
  return true;
}

void Congestion::partly_recovered(std::uint32_t bytes) {
  extra_ = (bytes > extra_ ? 0 : extra_ - bytes) + mss_;
}

void Congestion::recovered() {
  window_ = threshold_;
  extra_ = 0;
  avoided_ = 0;
  duplicates_ = 0;
  recovering_ = false;
}

void Congestion::timed_out() {
  if (!after_timeout_) {
    window_before_ = window_;
    threshold_before_ = threshold_;
    if (!recovering_) threshold_ = halved();  // else it was, for the same loss
  }
  after_timeout_ = true;
  window_ = mss_;
  extra_ = 0;
  avoided_ = 0;
  duplicates_ = 0;
  recovering_ = false;
}

void Congestion::undo_timeout() {
  window_ = std::max(window_, window_before_);
  threshold_ = std::max(threshold_, threshold_before_);
}

}  // namespace rig::tcp
