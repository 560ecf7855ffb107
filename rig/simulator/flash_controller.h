// The flash interface of STM32F2 and F4 (PM0059 "STM32F205/215 Flash programming manual", sections
// 2.4 to 2.9; RM0090 section 3 for the second bank of the larger ones).
//
// NOR: programming clears bits, erasing sets them. While an operation runs the bus to the flash is
// busy, and code is fetched from there: the core stalls until it is done, so BSY never reads as
// one. What the part refuses is reported as a Refusal and leaves the array alone: stores with PG
// clear (PGSERR), with a width that is not PSIZE (PGPERR), operations while locked. A wrong key
// locks the controller until the next reset (and is a bus error). Write protection by option bytes,
// mass erase of protected sectors, and wear are not modelled.
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/flash_answer.h"
#include "simulator/mcu_description.h"

namespace rig::simulator {

class FlashController {
 public:
  static constexpr std::uint32_t kBase = 0x40023C00;

  // `flash` outlives this and its copies.
  explicit FlashController(const FlashGeometry& flash) : flash_(&flash) {}

  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset) const;
  // False: no such register.
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, FlashAnswer& answer);
  // A store into the array.
  [[nodiscard]] FlashAnswer store(std::uint32_t offset, unsigned size, std::uint32_t value);
  // The operation ended: EOP, if its interrupt is enabled.
  void complete();
  [[nodiscard]] bool interrupt() const;
  void reset() { *this = FlashController(*flash_); }

 private:
  void unlock(std::uint32_t key, FlashAnswer& answer);
  void control(std::uint32_t value, FlashAnswer& answer);
  [[nodiscard]] FlashAnswer start_erase();
  [[nodiscard]] bool locked() const { return (cr_ & 1U << 31) != 0; }
  Refusal refuse(std::uint32_t offset, std::uint32_t flag, std::string_view why);

  const FlashGeometry* flash_;
  std::uint32_t acr_{};
  std::uint32_t sr_{};
  std::uint32_t cr_{1U << 31};
  std::uint32_t optcr_{0x0FFFAAED};
  bool first_key_{false};
  bool locked_for_good_{false};
};

}  // namespace rig::simulator
