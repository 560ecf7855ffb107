// A module binary put together byte by byte from the layout in domain documents, with a bitwise CRC
// of its own: the tests' second opinion on rig/image, sharing no code with it but SHA-256.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/checksum.h"

namespace rig::image::testing {

inline std::uint32_t bitwise_crc(base::ByteView bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

struct Handmade {
  std::size_t prefix_offset{0};
  std::uint32_t start{0x08080000};
  std::uint16_t version{2};
  std::uint16_t platform{10};
  std::uint8_t function{5};
  std::uint8_t index{1};
  std::uint8_t needs_function{4};
  std::uint8_t needs_index{1};
  std::uint16_t needs_version{700};
  std::size_t body{512};  // bytes before the suffix, a multiple of 4
  std::uint8_t filling{0x5A};
  bool product{false};
  bool credentials{false};
};

inline void put16(base::Bytes& to, std::size_t at, unsigned value) {
  to[at] = static_cast<std::uint8_t>(value);
  to[at + 1] = static_cast<std::uint8_t>(value >> 8);
}

inline void put32(base::Bytes& to, std::size_t at, std::uint32_t value) {
  put16(to, at, value & 0xFFFF);
  put16(to, at + 2, value >> 16);
}

inline base::Bytes body_of(const Handmade& wanted) {
  base::Bytes bytes(wanted.body, wanted.filling);
  if (wanted.prefix_offset >= 8) {  // a vector table: stack pointer, reset handler
    put32(bytes, 0, 0x20020000);
    put32(bytes, 4, wanted.start + 0x201);
  }
  if (wanted.credentials) {
    const std::size_t at = wanted.prefix_offset + 64;
    constexpr std::string_view kMagic = "APNCREDS";
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 144, std::uint8_t{0});
    std::copy(kMagic.begin(), kMagic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return bytes;
}

inline base::Bytes handmade_module(const Handmade& wanted = {}) {
  base::Bytes bytes = body_of(wanted);
  const std::size_t suffix = wanted.product ? 40 : 36;
  const std::size_t end = bytes.size() + suffix;
  const std::size_t at = wanted.prefix_offset;
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 24, std::uint8_t{0});
  put32(bytes, at, wanted.start);
  put32(bytes, at + 4, wanted.start + static_cast<std::uint32_t>(end));
  put16(bytes, at + 10, wanted.version);
  put16(bytes, at + 12, wanted.platform);
  bytes[at + 14] = wanted.function;
  bytes[at + 15] = wanted.index;
  bytes[at + 16] = wanted.needs_function;
  bytes[at + 17] = wanted.needs_index;
  put16(bytes, at + 18, wanted.needs_version);

  const std::size_t suffix_at = bytes.size();
  bytes.resize(end + 4, 0);
  if (wanted.product) {
    put16(bytes, suffix_at, 321);
    put16(bytes, suffix_at + 2, 7);
  }
  const std::size_t sha_at = end - 34;
  const auto sha = base::sha256(base::ByteView(bytes).first(sha_at));
  std::copy(sha.begin(), sha.end(), bytes.begin() + static_cast<std::ptrdiff_t>(sha_at));
  put16(bytes, end - 2, static_cast<unsigned>(suffix));
  const std::uint32_t crc = bitwise_crc(base::ByteView(bytes).first(end));
  for (std::size_t n = 0; n < 4; ++n) {
    bytes[end + n] = static_cast<std::uint8_t>(crc >> (24 - 8 * n));
  }
  return bytes;
}

inline Handmade handmade_system(std::uint16_t version) {
  return {.prefix_offset = 0x184,
          .start = 0x08020000,
          .version = version,
          .function = 4,
          .needs_function = 2,
          .needs_index = 0,
          .needs_version = 0,
          .body = 1024};
}

inline Handmade handmade_bootloader(std::uint16_t version) {
  return {.prefix_offset = 0x184,
          .start = 0x08000000,
          .version = version,
          .function = 2,
          .index = 0,
          .needs_function = 0,
          .needs_index = 0,
          .needs_version = 0,
          .body = 1024};
}

inline Handmade handmade_user(std::uint16_t version, std::uint16_t needs) {
  return {.version = version, .needs_version = needs, .credentials = true};
}

}  // namespace rig::image::testing
