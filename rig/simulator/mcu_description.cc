#include "simulator/mcu_description.h"

#include <algorithm>

#include "base/assert.h"

namespace rig::simulator {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// PM0059 "STM32F205/215 Flash programming manual", table 2; times: STM32F205 datasheet, table
// "Flash memory programming", typical values at x32 parallelism.
std::vector<Sector> stm32f205_sectors() {
  std::vector<Sector> sectors;
  const auto add = [&sectors](unsigned count, std::uint32_t bytes, base::Duration erase_time) {
    for (unsigned i = 0; i < count; ++i) {
      const std::uint32_t at = sectors.empty() ? 0 : sectors.back().offset + sectors.back().bytes;
      sectors.push_back({at, bytes, erase_time});
    }
  };
  add(4, 16U << 10, milliseconds(250));
  add(1, 64U << 10, milliseconds(550));
  add(7, 128U << 10, milliseconds(1000));
  return sectors;
}

}  // namespace

const McuDescription& stm32f205() {
  static const McuDescription kBuiltIn{
      .name = "stm32f205",
      .family = McuFamily::stm32,
      .flash = {.range = {0x08000000, 1U << 20},
                .sectors = stm32f205_sectors(),
                .word_time = microseconds(16)},
      .ram = {0x20000000, 128U << 10},
      .console = 0x40011000,
      .wired_modem = true,
      .stubs = {},
  };
  return kBuiltIn;
}

const Sector& sector_at(const FlashGeometry& flash, std::uint32_t offset) {
  RIG_ASSERT(offset < flash.range.size);
  const auto behind = std::upper_bound(
      flash.sectors.begin(), flash.sectors.end(), offset,
      [](std::uint32_t wanted, const Sector& sector) { return wanted < sector.offset; });
  return *(behind - 1);
}

}  // namespace rig::simulator
