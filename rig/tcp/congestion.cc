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
    window_ += std::min(bytes, 2 * mss_);
    return;
  }
  avoided_ += bytes;
  if (avoided_ >= window_) {
    avoided_ -= window_;
    window_ += mss_;
  }
}

bool Congestion::duplicate(std::uint32_t flight) {
  if (recovering_) {
    extra_ += mss_;
    return false;
  }
  if (after_timeout_) return false;  // of a segment that was sent before the timeout
  ++duplicates_;
  if (duplicates_ < kDuplicatesOfALoss) {
    extra_ += mss_;  // limited transmit
    return false;
  }
  recovering_ = true;
  threshold_ = std::max(flight / 2, 2 * mss_);
  window_ = threshold_;
  extra_ = kDuplicatesOfALoss * mss_;
  return true;
}

void Congestion::partly_recovered(std::uint32_t bytes) {
  extra_ = (bytes > extra_ ? 0 : extra_ - bytes) + mss_;
}

void Congestion::recovered(std::uint32_t flight) {
  window_ = std::min(threshold_, std::max(flight, mss_) + mss_);
  extra_ = 0;
  avoided_ = 0;
  duplicates_ = 0;
  recovering_ = false;
}

void Congestion::timed_out(std::uint32_t flight) {
  if (!after_timeout_) {
    window_before_ = window_;
    threshold_before_ = threshold_;
    threshold_ = std::max(flight / 2, 2 * mss_);
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
