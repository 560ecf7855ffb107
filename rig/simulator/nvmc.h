// The non-volatile memory controller of nRF51 and nRF52 (nRF52840 product specification, "NVMC"):
// pages erased by writing their address, whole words programmed while CONFIG says so.
//
// Programming clears bits, erasing sets them. Code runs from the same flash, so the core stands
// still while an operation runs and READY never reads as busy. What the part refuses is a Refusal:
// stores without write enable, stores narrower than a word (a bus error), erases without erase
// enable or outside the flash. Partial erase, UICR and protection are not modelled.
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/flash_answer.h"
#include "simulator/mcu_description.h"

namespace rig::simulator {

class Nvmc {
 public:
  static constexpr std::uint32_t kBase = 0x4001E000;

  // `flash` outlives this and its copies.
  explicit Nvmc(const FlashGeometry& flash) : flash_(&flash) {}

  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset) const;
  // False: no such register.
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, FlashAnswer& answer);
  [[nodiscard]] FlashAnswer store(std::uint32_t offset, unsigned size, std::uint32_t value) const;
  void reset() { config_ = cache_ = 0; }

 private:
  [[nodiscard]] FlashAnswer erase_page(std::uint32_t address) const;
  [[nodiscard]] FlashAnswer erase_all() const;

  const FlashGeometry* flash_;
  std::uint32_t config_{};
  std::uint32_t cache_{};
};

}  // namespace rig::simulator
