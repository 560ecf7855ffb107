// Where the Electron keeps what in its 1 MB of flash (STM32F205; device-os v0.7.0,
// hal/src/electron/ota_module_bounds.c). A product of its own: one system part instead of three.
#pragma once

#include <cstdint>
#include <optional>

#include "image/module.h"

namespace rig::image {

struct FlashRegion {
  std::uint32_t start{};
  std::uint32_t size{};

  [[nodiscard]] constexpr std::uint32_t end() const { return start + size; }  // exclusive
  [[nodiscard]] constexpr bool contains(std::uint32_t address) const {
    return address - start < size;
  }
  bool operator==(const FlashRegion&) const = default;
};

inline constexpr std::uint16_t kElectronPlatform = 10;

inline constexpr FlashRegion kFlash{0x08000000, 1024 * 1024};
inline constexpr FlashRegion kBootloaderSlot{0x08000000, 16 * 1024};
inline constexpr FlashRegion kConfiguration{0x08004000, 32 * 1024};  // DCT, two sectors
inline constexpr FlashRegion kEeprom{0x0800C000, 80 * 1024};         // unused by this product
inline constexpr FlashRegion kSystemSlot{0x08020000, 128 * 1024};
inline constexpr FlashRegion kUserSlot{0x08080000, 128 * 1024};
inline constexpr FlashRegion kFactorySlot{0x080A0000, 128 * 1024};  // a copy of a user module
inline constexpr FlashRegion kScratch{0x080C0000, 128 * 1024};      // where an update arrives

// Where a module of this function runs; empty for functions that this product does not have.
[[nodiscard]] std::optional<FlashRegion> slot_of(ModuleFunction function);

}  // namespace rig::image
