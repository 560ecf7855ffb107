// Where the products keep what in their 1 MB of flash. The Electron (STM32F205; device-os v0.7.0,
// hal/src/electron/ota_module_bounds.c) with one system part instead of three; the imp with the
// same boot loader and system slots, and one slot to the end of the flash for its operating system,
// which is a module whose function is `user`.
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
inline constexpr std::uint16_t kImpPlatform = 1805;

inline constexpr FlashRegion kFlash{0x08000000, 1024 * 1024};
inline constexpr FlashRegion kBootloaderSlot{0x08000000, 16 * 1024};
inline constexpr FlashRegion kConfiguration{0x08004000, 32 * 1024};  // DCT, two sectors
inline constexpr FlashRegion kEeprom{0x0800C000, 80 * 1024};         // unused by this product
inline constexpr FlashRegion kSystemSlot{0x08020000, 128 * 1024};
inline constexpr FlashRegion kUserSlot{0x08080000, 128 * 1024};
inline constexpr FlashRegion kFactorySlot{0x080A0000, 128 * 1024};  // a copy of a user module
inline constexpr FlashRegion kScratch{0x080C0000, 128 * 1024};      // where an update arrives

inline constexpr FlashRegion kImpOsSlot{0x08080000, 512 * 1024};

// Where a module of this function runs on a product of this platform; empty for functions that it
// does not have. Platforms that nobody knows are laid out like the Electron.
[[nodiscard]] std::optional<FlashRegion> slot_of(ModuleFunction function, std::uint16_t platform);

}  // namespace rig::image
