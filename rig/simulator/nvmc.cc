#include "simulator/nvmc.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kReady = 0x400;
constexpr std::uint32_t kReadyNext = 0x408;
constexpr std::uint32_t kConfig = 0x504;
constexpr std::uint32_t kErasePage = 0x508;
constexpr std::uint32_t kEraseAll = 0x50C;
constexpr std::uint32_t kErasePageOfRegion0 = 0x510;
constexpr std::uint32_t kCache = 0x540;

constexpr std::uint32_t kWriteEnabled = 1;
constexpr std::uint32_t kEraseEnabled = 2;

}  // namespace

std::optional<std::uint32_t> Nvmc::read(std::uint32_t offset) const {
  switch (offset) {
    case kReady:
    case kReadyNext:
      return 1;
    case kConfig:
      return config_;
    case kErasePage:
    case kEraseAll:
    case kErasePageOfRegion0:
      return 0;
    case kCache:
      return cache_;
    default:
      return std::nullopt;
  }
}

FlashAnswer Nvmc::erase_page(std::uint32_t address) const {
  const std::uint32_t offset = address - flash_->range.start;
  if (config_ != kEraseEnabled) return Refusal{offset, "erase not enabled", false};
  if (!flash_->range.contains(address)) return Refusal{offset, "no page of the flash", false};
  const Sector& page = sector_at(*flash_, offset);
  if (page.offset != offset) return Refusal{offset, "not the start of a page", false};
  return FlashStart{page.offset, page.bytes, true, 0, page.erase_time};
}

FlashAnswer Nvmc::erase_all() const {
  if (config_ != kEraseEnabled) return Refusal{0, "erase not enabled", false};
  base::Duration together{};
  for (const Sector& page : flash_->sectors) together += page.erase_time;
  return FlashStart{0, flash_->range.size, true, 0, together};
}

bool Nvmc::write(std::uint32_t offset, std::uint32_t value, FlashAnswer& answer) {
  switch (offset) {
    case kConfig:
      config_ = value & 3;
      return true;
    case kErasePage:
    case kErasePageOfRegion0:
      answer = erase_page(value);
      return true;
    case kEraseAll:
      if (value == 1) answer = erase_all();
      return true;
    case kCache:
      cache_ = value;
      return true;
    default:
      return false;
  }
}

FlashAnswer Nvmc::store(std::uint32_t offset, unsigned size, std::uint32_t value) const {
  if (config_ != kWriteEnabled) return Refusal{offset, "write not enabled", false};
  if (size != 4 || offset % 4 != 0) return Refusal{offset, "not a whole word", true};
  return FlashStart{offset, 4, false, value, flash_->word_time};
}

}  // namespace rig::simulator
