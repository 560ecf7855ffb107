#include "image/flash_layout.h"

namespace rig::image {

std::optional<FlashRegion> slot_of(ModuleFunction function, std::uint16_t platform) {
  if (function == ModuleFunction::bootloader) return kBootloaderSlot;
  if (function == ModuleFunction::system) return kSystemSlot;
  if (function == ModuleFunction::user) return platform == kImpPlatform ? kImpOsSlot : kUserSlot;
  return std::nullopt;
}

}  // namespace rig::image
