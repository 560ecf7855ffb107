#include "image/nor_image.h"

#include <algorithm>

#include "base/assert.h"

namespace rig::image {
namespace {

constexpr std::size_t kFlashSize = 1U << 20;
constexpr std::size_t kSmallSector = 16U << 10;
constexpr std::size_t kSmallSectors = 4;
constexpr std::size_t kBlock = 64U << 10;  // of the NOR
// From here on flash and NOR have the same order, a constant apart.
constexpr std::size_t kSmallEnd = kSmallSectors * kSmallSector;
constexpr std::size_t kShift = kSmallSectors * kBlock - kSmallEnd;

}  // namespace

std::size_t nor_offset(std::size_t flash_offset) {
  RIG_ASSERT(flash_offset < kFlashSize);
  if (flash_offset >= kSmallEnd) return flash_offset + kShift;
  return flash_offset / kSmallSector * kBlock + flash_offset % kSmallSector;
}

base::Bytes nor_image(base::ByteView flash) {
  RIG_ASSERT(flash.size() == kFlashSize);
  base::Bytes nor(kNorSize, 0xFF);
  for (std::size_t at = 0; at < kFlashSize; at += kSmallSector) {
    std::copy_n(flash.begin() + static_cast<std::ptrdiff_t>(at), kSmallSector,
                nor.begin() + static_cast<std::ptrdiff_t>(nor_offset(at)));
  }
  return nor;
}

base::Bytes flash_in_nor(base::ByteView nor) {
  RIG_ASSERT(nor.size() == kNorSize);
  base::Bytes flash(kFlashSize);
  for (std::size_t at = 0; at < kFlashSize; at += kSmallSector) {
    std::copy_n(nor.begin() + static_cast<std::ptrdiff_t>(nor_offset(at)), kSmallSector,
                flash.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return flash;
}

}  // namespace rig::image
