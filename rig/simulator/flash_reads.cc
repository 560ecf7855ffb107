#include "simulator/flash_reads.h"

#include <atomic>

#include "base/assert.h"

namespace rig::simulator {

void FlashReads::begin() {
  open_.fill(~std::uint64_t{0});
  words_.clear();
  static std::atomic<std::uint64_t> count{0};
  recording_ = ++count;
}

void FlashReads::note(std::uint32_t first, std::uint32_t last) {
  RIG_ASSERT(last < kWords);
  for (std::uint32_t word = first; word <= last; ++word) {
    const std::uint64_t bit = std::uint64_t{1} << (word % 64);
    if ((open_[word / 64] & bit) != 0) {
      open_[word / 64] &= ~bit;
      words_.push_back(word);
    }
  }
}

void FlashReads::erased(std::uint32_t offset, std::uint32_t bytes) {
  for (std::uint32_t word = offset / 4; word < (offset + bytes) / 4; ++word) {
    open_[word / 64] &= ~(std::uint64_t{1} << (word % 64));
  }
}

}  // namespace rig::simulator
