// Which words of flash an execution looked at while they still held what they held when recording
// began: everything that its future depends on, as far as flash goes.
//
// Looked at: loaded, fetched as code, taken as a vector or stack pointer, read by the DMA, and
// programmed (what a word holds afterwards depends on what it held). A word that was erased first
// is not looked at any more, whatever happens to it later. The set may be larger than the truth
// (the rest of a basic block behind a store in flight counts as well); never smaller.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "simulator/mcu_description.h"

namespace rig::simulator {

class FlashReads {
 public:
  static constexpr std::uint32_t kWords = kMostFlash / 4;

  FlashReads() { begin(); }
  // Every word holds its first contents, and none was looked at.
  void begin();
  // Another number after each begin(), of this and of any other; never 0.
  [[nodiscard]] std::uint64_t recording() const { return recording_; }

  void read(std::uint32_t offset, std::uint32_t bytes) {
    const std::uint32_t first = offset / 4;
    const std::uint32_t last = (offset + bytes - 1) / 4;
    const std::uint64_t from = ~std::uint64_t{0} << (first % 64);
    const std::uint64_t until = ~std::uint64_t{0} >> (63 - last % 64);
    if (first / 64 == last / 64 && (open_[first / 64] & from & until) == 0) [[likely]] {
      return;
    }
    note(first, last);
  }
  void erased(std::uint32_t offset, std::uint32_t bytes);

  // Indices of the words, in the order of the first look at each.
  [[nodiscard]] const std::vector<std::uint32_t>& words() const { return words_; }

 private:
  void note(std::uint32_t first, std::uint32_t last);

  std::array<std::uint64_t, kWords / 64> open_{};  // holds its first contents, not looked at yet
  std::vector<std::uint32_t> words_;
  std::uint64_t recording_{};
};

}  // namespace rig::simulator
