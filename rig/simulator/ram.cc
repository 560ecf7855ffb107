#include "simulator/ram.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace rig::simulator {
namespace {

constexpr std::size_t kPage = 4096;

}  // namespace

Ram::Ram() : memory_(static_cast<std::uint8_t*>(std::aligned_alloc(kPage, kBytes))) {
  RIG_ASSERT(memory_ != nullptr);
  std::memset(memory_.get(), 0, kBytes);
}

Ram::Ram(const Ram& other) : Ram() { *this = other; }

Ram& Ram::operator=(const Ram& other) {
  if (this != &other) {
    std::ranges::copy(other.bytes(), bytes().begin());
    frozen_ = other.frozen_;
  }
  return *this;
}

void Ram::roll_back() {
  if (frozen_) {
    std::ranges::copy(*frozen_, bytes().begin());
    frozen_.reset();
  }
}

}  // namespace rig::simulator
