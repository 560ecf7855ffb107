#include "simulator/settled_blocks.h"

#include <algorithm>
#include <limits>

#include "base/assert.h"

namespace rig::simulator {

SettledBlocks::SettledBlocks(MemoryRange flash, std::uint32_t page_size)
    : flash_start_(flash.start),
      page_size_(page_size),
      half_words_(flash.size / 2),
      sizes_(std::make_unique<std::uint16_t[]>(half_words_)),
      pages_(flash.size / page_size) {}

void SettledBlocks::add(std::uint32_t start, std::uint32_t size) {
  const std::uint32_t index = (start - flash_start_) / 2;
  RIG_ASSERT(index < half_words_ && size <= std::numeric_limits<std::uint16_t>::max());
  sizes_[index] = static_cast<std::uint16_t>(size);
  pages_[index * 2 / page_size_] = true;
  longest_ = std::max(longest_, size);
}

void SettledBlocks::forget(std::uint32_t start) {
  const std::uint32_t index = (start - flash_start_) / 2;
  if (index < half_words_) sizes_[index] = 0;
}

// A block that begins in the page before may end in this one.
void SettledBlocks::forget_page(std::uint32_t page) {
  const bool before = page > 0 && pages_[page - 1];
  if (!before && !pages_[page]) return;
  const std::uint32_t start = page * page_size_;
  const std::uint32_t from = before ? start - std::min(start, longest_) : start;
  clear(from, start + page_size_);
  pages_[page] = false;
}

void SettledBlocks::forget_all() {
  for (std::uint32_t page = 0; page < pages_.size(); ++page) {
    if (!pages_[page]) continue;
    clear(page * page_size_, (page + 1) * page_size_);
    pages_[page] = false;
  }
  longest_ = 0;
}

// Bytes from the start of flash.
void SettledBlocks::clear(std::uint32_t from, std::uint32_t until) {
  std::fill(sizes_.get() + from / 2, sizes_.get() + until / 2, std::uint16_t{0});
}

}  // namespace rig::simulator
