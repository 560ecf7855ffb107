// Basic blocks of flash that an engine has looked at and lets run again unasked: their code is
// current, whoever records reads knows of them, and nobody waits for them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "simulator/mcu_description.h"

namespace rig::simulator {

class SettledBlocks {
 public:
  SettledBlocks() = default;
  SettledBlocks(MemoryRange flash, std::uint32_t page_size);

  // Any address; sizes in bytes, up to what fits 16 bits.
  [[nodiscard]] bool has(std::uint32_t start, std::uint32_t size) const {
    const std::uint32_t index = (start - flash_start_) / 2;
    return index < half_words_ && sizes_[index] == size;
  }
  // Where the size of the block at `start` stands, for as long as this lives; null outside flash.
  [[nodiscard]] const std::uint16_t* slot(std::uint32_t start) const {
    const std::uint32_t index = (start - flash_start_) / 2;
    return index < half_words_ ? &sizes_[index] : nullptr;
  }
  // Of flash.
  void add(std::uint32_t start, std::uint32_t size);
  void forget(std::uint32_t start);
  // All that have a byte in there; pages count from the start of flash.
  void forget_page(std::uint32_t page);
  void forget_all();

 private:
  void clear(std::uint32_t from, std::uint32_t until);

  std::uint32_t flash_start_{};
  std::uint32_t page_size_{};
  std::uint32_t longest_{};
  std::uint32_t half_words_{};
  std::unique_ptr<std::uint16_t[]> sizes_;  // of the block at each half word; 0: none is settled
  std::vector<bool> pages_;                 // that such a block begins in
};

}  // namespace rig::simulator
