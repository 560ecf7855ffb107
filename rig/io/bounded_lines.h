// The output of a child that is kept: its beginning and its end, at most so many bytes of each, and
// how many lines between them were let go. Pure; a value.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "io/lines.h"

namespace rig::io {

class BoundedLines {
 public:
  // Half of the bytes are for the beginning, half for the end; a line counts its text.
  explicit BoundedLines(std::size_t bytes) : half_(bytes / 2) {}

  void add(const Line& line);
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  // In order; what was let go is missing between them.
  [[nodiscard]] std::vector<Line> lines() const;

 private:
  std::size_t half_;
  std::vector<Line> head_;
  std::size_t head_bytes_{0};
  std::deque<Line> tail_;
  std::size_t tail_bytes_{0};
  std::uint64_t dropped_{0};
};

}  // namespace rig::io
