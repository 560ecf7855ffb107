// A set of words of flash, one bit each: small enough to keep one per class. Takes memory up to its
// last member.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace rig::explore {

class WordSet {
 public:
  [[nodiscard]] bool has(std::uint32_t word) const {
    return word / 64 < bits_.size() && (bits_[word / 64] >> word % 64 & 1) != 0;
  }
  void insert(std::uint32_t word) {
    if (word / 64 >= bits_.size()) bits_.resize(word / 64 + 1);
    bits_[word / 64] |= std::uint64_t{1} << word % 64;
  }
  void insert(const std::vector<std::uint32_t>& words) {
    for (const std::uint32_t word : words) insert(word);
  }
  void insert_range(std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t word = first + count; word-- > first;) insert(word);
  }
  // Adds what `other` has and `except` has not. Whether that was anything new.
  bool insert_outside(const WordSet& other, const WordSet& except) {
    bits_.resize(std::max(bits_.size(), other.bits_.size()));
    std::uint64_t fresh = 0;
    for (std::size_t i = 0; i < other.bits_.size(); ++i) {
      const std::uint64_t without = i < except.bits_.size() ? except.bits_[i] : 0;
      const std::uint64_t more = other.bits_[i] & ~without & ~bits_[i];
      fresh |= more;
      bits_[i] |= more;
    }
    return fresh != 0;
  }
  // Calls `visit(word)` for each member within [first, first + count) until it says true.
  template <typename Visit>
  bool any_in(std::uint32_t first, std::uint32_t count, Visit visit) const {
    const std::uint32_t end =
        std::min(first + count, static_cast<std::uint32_t>(64 * bits_.size()));
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
  [[nodiscard]] std::vector<std::uint32_t> words() const {
    std::vector<std::uint32_t> members;
    any_in(0, static_cast<std::uint32_t>(64 * bits_.size()), [&members](std::uint32_t word) {
      members.push_back(word);
      return false;
    });
    return members;
  }
  [[nodiscard]] std::size_t footprint() const { return bits_.capacity() * sizeof bits_[0]; }

 private:
  std::vector<std::uint64_t> bits_;
};

}  // namespace rig::explore
