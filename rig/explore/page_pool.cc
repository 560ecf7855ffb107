#include "explore/page_pool.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace rig::explore {

PagePool::Image PagePool::keep(base::ByteView flash) {
  RIG_ASSERT(flash.size() % kPage == 0);
  Image image(flash.size() / kPage);
  for (std::size_t page = 0; page < image.size(); ++page) {
    const std::string_view bytes(reinterpret_cast<const char*>(flash.data()) + page * kPage, kPage);
    const auto known = numbers_.find(bytes);
    if (known != numbers_.end()) {
      image[page] = known->second;
      continue;
    }
    image[page] = static_cast<std::uint32_t>(pages_.size());
    Page& kept = pages_.emplace_back();
    std::copy(bytes.begin(), bytes.end(), kept.begin());
    numbers_.emplace(std::string_view(kept.data(), kPage), image[page]);
  }
  return image;
}

void PagePool::copy_to(const Image& image, std::span<std::uint8_t> flash) const {
  RIG_ASSERT(flash.size() == kPage * image.size());
  for (std::size_t page = 0; page < image.size(); ++page) {
    std::memcpy(flash.data() + page * kPage, pages_[image[page]].data(), kPage);
  }
}

std::uint32_t PagePool::word(const Image& image, std::uint32_t word) const {
  constexpr std::uint32_t kWordsPerPage = kPage / 4;
  std::uint32_t value = 0;
  std::memcpy(&value, pages_[image[word / kWordsPerPage]].data() + word % kWordsPerPage * 4, 4);
  return value;
}

}  // namespace rig::explore
