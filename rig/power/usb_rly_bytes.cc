#include "power/usb_rly_bytes.h"

namespace rig::power {

std::uint8_t encode_usb_rly_set(Channel channel, Level level) {
  const int base = level == Level::on ? 0x64 : 0x6E;
  return static_cast<std::uint8_t>(base + channel.number);
}

std::optional<Levels> decode_usb_rly_states(base::ByteView answer, std::uint8_t channels) {
  if (answer.size() != 1) return {};
  const unsigned bitmap = answer.front();
  if (bitmap >> channels != 0) return {};
  return Levels(std::uint64_t{bitmap} << 1);
}

}  // namespace rig::power
