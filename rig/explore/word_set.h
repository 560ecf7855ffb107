// A set of words of flash, one bit each: small enough to keep one per class.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "simulator/flash_reads.h"

namespace rig::explore {

class WordSet {
 public:
  static constexpr std::uint32_t kWords = simulator::FlashReads::kWords;

  [[nodiscard]] bool has(std::uint32_t word) const {
    return (bits_[word / 64] >> word % 64 & 1) != 0;
  }
  void insert(std::uint32_t word) { bits_[word / 64] |= std::uint64_t{1} << word % 64; }
  void insert(const std::vector<std::uint32_t>& words) {
    for (const std::uint32_t word : words) insert(word);
  }
  void insert_range(std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t word = first; word < first + count; ++word) insert(word);
  }
  // Adds what `other` has and `except` has not. Whether that was anything new.
  bool insert_outside(const WordSet& other, const WordSet& except) {
    std::uint64_t fresh = 0;
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      const std::uint64_t more = other.bits_[i] & ~except.bits_[i] & ~bits_[i];
      fresh |= more;
      bits_[i] |= more;
    }
    return fresh != 0;
  }
  // Calls `visit(word)` for each member within [first, first + count) until it says true.
  template <typename Visit>
  bool any_in(std::uint32_t first, std::uint32_t count, Visit visit) const {
    const std::uint32_t end = first + count;
    for (std::uint32_t word = first; word < end;) {
      const std::uint64_t rest = bits_[word / 64] >> word % 64;
      if (rest == 0) {
        word = (word / 64 + 1) * 64;
        continue;
      }
      word += static_cast<std::uint32_t>(std::countr_zero(rest));
      if (word < end && visit(word)) return true;
      ++word;
    }
    return false;
  }
  [[nodiscard]] std::uint32_t size() const {
    std::uint32_t count = 0;
    for (const std::uint64_t bits : bits_) count += static_cast<std::uint32_t>(std::popcount(bits));
    return count;
  }

 private:
  std::array<std::uint64_t, kWords / 64> bits_{};
};

}  // namespace rig::explore
