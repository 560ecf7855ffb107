#include "image/flash_layout.h"

namespace rig::image {

std::optional<FlashRegion> slot_of(ModuleFunction function) {
  if (function == ModuleFunction::bootloader) return kBootloaderSlot;
  if (function == ModuleFunction::system) return kSystemSlot;
  if (function == ModuleFunction::user) return kUserSlot;
  return std::nullopt;
}

}  // namespace rig::image
