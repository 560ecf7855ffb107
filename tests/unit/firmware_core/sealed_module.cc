#include "unit/firmware_core/sealed_module.h"

#include <cstring>

namespace firmware_core {

std::vector<std::uint8_t> module_of(const Sealed& sealed) {
  std::vector<std::uint8_t> bytes(sealed.bytes + 4);
  for (std::uint32_t i = 0; i < sealed.bytes; ++i)
    bytes[i] = static_cast<std::uint8_t>((i * 2654435761U + sealed.version) >> 11);
  module_info info{};
  info.start = sealed.start;
  info.end = sealed.start + sealed.bytes;
  info.version = sealed.version;
  info.platform = sealed.platform;
  info.function = sealed.function;
  info.index = 1;
  info.dependencies[0] = sealed.needs;
  std::memcpy(bytes.data() + sealed.prefix, &info, sizeof info);
  if (sealed.prefix != 0) bytes[3] = 0x20;  // a stack pointer, so a vector table
  const std::uint32_t crc = crc32(bytes.data(), sealed.bytes);
  for (int i = 0; i < 4; ++i)
    bytes[sealed.bytes + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
  return bytes;
}

}  // namespace firmware_core
