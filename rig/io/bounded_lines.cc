#include "io/bounded_lines.h"

namespace rig::io {

void BoundedLines::add(const Line& line) {
  const std::size_t size = line.text.size() + 1;
  if (tail_.empty() && dropped_ == 0 && head_bytes_ + size <= half_) {
    head_.push_back(line);
    head_bytes_ += size;
    return;
  }
  tail_.push_back(line);
  tail_bytes_ += size;
  for (; tail_bytes_ > half_ && !tail_.empty(); tail_.pop_front()) {
    tail_bytes_ -= tail_.front().text.size() + 1;
    ++dropped_;
  }
}

std::vector<Line> BoundedLines::lines() const {
  std::vector<Line> all = head_;
  all.insert(all.end(), tail_.begin(), tail_.end());
  return all;
}

}  // namespace rig::io
