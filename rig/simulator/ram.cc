#include "simulator/ram.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace rig::simulator {

Ram::Ram(const Ram& other)
    : own_(other.bytes().begin(), other.bytes().end()), frozen_(other.frozen_) {}

Ram& Ram::operator=(const Ram& other) {
  if (this != &other) {
    own_.assign(other.bytes().begin(), other.bytes().end());
    frozen_ = other.frozen_;
    live_ = {};
  }
  return *this;
}

std::span<std::uint8_t> Ram::bytes() { return live_.empty() ? std::span(own_) : live_; }

base::ByteView Ram::bytes() const { return live_.empty() ? base::ByteView(own_) : live_; }

void Ram::detach() {
  if (!live_.empty()) {
    std::ranges::copy(live_, own_.begin());
    live_ = {};
  }
}

void Ram::freeze() { frozen_ = base::Bytes(bytes().begin(), bytes().end()); }

void Ram::roll_back() {
  RIG_ASSERT(live_.empty());
  if (frozen_) {
    own_ = *std::exchange(frozen_, std::nullopt);
  }
}

}  // namespace rig::simulator
