// What the simulated chip is made of: memories, flash geometry, console, and registers that are
// only answered, not modelled. The STM32F205 of the products is built in; other chips come from
// fixtures/mcus (board/mcu_file.h). Immutable, and outlives every chip that is made from it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace rig::simulator {

struct MemoryRange {
  std::uint32_t start{};
  std::uint32_t size{};

  [[nodiscard]] constexpr bool contains(std::uint32_t address) const {
    return address - start < size;
  }
  [[nodiscard]] constexpr std::uint64_t end() const { return std::uint64_t{start} + size; }
  bool operator==(const MemoryRange&) const = default;
};

enum class McuFamily : std::uint8_t {
  stm32,   // STM32F2 and F4: flash interface, RCC, PWR, IWDG, USARTs, GPIO, TIM2, DMA1
  nordic,  // nRF51 and nRF52: NVMC, POWER, CLOCK, WDT, UART and UARTE
};

// One sector or page.
struct Sector {
  std::uint32_t offset{};  // from the start of flash
  std::uint32_t bytes{};
  base::Duration erase_time{};
};

// What the processor gets for reading a unit whose ECC is wrong beyond correction.
enum class EccFault : std::uint8_t {
  none,  // the flash has no ECC
  bus_fault,
  nmi,
};

struct FlashGeometry {
  MemoryRange range;
  std::vector<Sector> sectors;  // in order, without gaps, of the whole range
  base::Duration word_time{};   // to program one unit of up to 4 bytes
  // Which torn models the part can do (flash_marks.h).
  EccFault ecc{EccFault::none};
  std::uint32_t unit{4};  // bytes that share an ECC
  bool buffered{
      false};  // operations are reported done, and read back, before they are in the array
};

// Registers that are answered and have no effect. Without values: memory, zero after a reset. With
// values: every read takes the next one, the last for ever; a reset begins anew.
struct Stub {
  MemoryRange range;
  std::vector<std::uint32_t> values;
};

struct McuDescription {
  std::string name;
  McuFamily family{McuFamily::stm32};
  FlashGeometry flash;
  MemoryRange ram;
  std::uint32_t console{};  // base of the UART that the board's console is on
  bool wired_modem{false};  // USART3 goes to the modem
  // Code that computes for longer without a register, or for five times as long without a console
  // line, a flash operation, sleep or a look at a clock or status, runs away: the default is longer
  // than any check of an image or signature takes on the product.
  base::Duration compute_limit{std::chrono::seconds(1)};
  std::vector<Stub> stubs;
};

// Where the registers of every chip are: peripherals, system control space, and the page with the
// unique id of an STM32.
inline constexpr std::array<MemoryRange, 3> kWindows{
    {{0x40000000, 0x20000000}, {0xE000E000, 0x1000}, {0x1FFF7000, 0x1000}}};
[[nodiscard]] constexpr bool in_window(std::uint32_t address) {
  return kWindows[0].contains(address) || kWindows[1].contains(address) ||
         kWindows[2].contains(address);
}

// Of the engine's memory; no chip may have more.
inline constexpr std::uint32_t kMostFlash = 2U << 20;
inline constexpr std::uint32_t kMostRam = 256U << 10;

[[nodiscard]] const McuDescription& stm32f205();
inline constexpr std::uint32_t kFlashBase = 0x08000000;
inline constexpr std::uint32_t kFlashSize = 1U << 20;
inline constexpr std::uint32_t kRamBase = 0x20000000;
inline constexpr std::uint32_t kRamSize = 128U << 10;

// The sector that holds `offset` from the start of flash, which must be inside.
[[nodiscard]] const Sector& sector_at(const FlashGeometry& flash, std::uint32_t offset);

}  // namespace rig::simulator
