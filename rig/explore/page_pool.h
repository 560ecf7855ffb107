// Flash images that share their pages: the states of an exploration differ in a page or two.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace rig::explore {

class PagePool {
 public:
  static constexpr std::size_t kPage = 4096;
  // The pages of one image, by number in the pool.
  using Image = std::vector<std::uint32_t>;

  // Equal pages have equal numbers, so equal images are equal vectors. Whole pages only.
  [[nodiscard]] Image keep(base::ByteView flash);
  void copy_to(const Image& image, std::span<std::uint8_t> flash) const;
  [[nodiscard]] std::uint32_t word(const Image& image, std::uint32_t word) const;
  [[nodiscard]] std::size_t footprint() const { return pages_.size() * kPage; }

 private:
  using Page = std::array<char, kPage>;

  std::deque<Page> pages_;  // where they are they stay: numbers_ refers to their bytes
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace rig::explore
