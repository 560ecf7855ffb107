#include "base/network.h"

namespace rig::base {

std::string to_text(std::uint32_t address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string((address >> shift) & 255);
    if (shift > 0) text += '.';
  }
  return text;
}

}  // namespace rig::base
