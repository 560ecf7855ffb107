#include "base/bytes.h"

#include "base/assert.h"

namespace rig::base {
namespace {

std::uint32_t byte_at(ByteView from, std::size_t index) { return from[index]; }

}  // namespace

std::uint16_t read_le16(ByteView from, std::size_t offset) {
  RIG_ASSERT(offset + 2 <= from.size());
  return static_cast<std::uint16_t>(byte_at(from, offset) | byte_at(from, offset + 1) << 8);
}

std::uint32_t read_le32(ByteView from, std::size_t offset) {
  RIG_ASSERT(offset + 4 <= from.size());
  return byte_at(from, offset) | byte_at(from, offset + 1) << 8 | byte_at(from, offset + 2) << 16 |
         byte_at(from, offset + 3) << 24;
}

std::uint16_t read_be16(ByteView from, std::size_t offset) {
  RIG_ASSERT(offset + 2 <= from.size());
  return static_cast<std::uint16_t>(byte_at(from, offset) << 8 | byte_at(from, offset + 1));
}

std::uint32_t read_be32(ByteView from, std::size_t offset) {
  RIG_ASSERT(offset + 4 <= from.size());
  return byte_at(from, offset) << 24 | byte_at(from, offset + 1) << 16 |
         byte_at(from, offset + 2) << 8 | byte_at(from, offset + 3);
}

void write_le16(std::span<std::uint8_t> to, std::size_t offset, std::uint16_t value) {
  RIG_ASSERT(offset + 2 <= to.size());
  to[offset] = static_cast<std::uint8_t>(value);
  to[offset + 1] = static_cast<std::uint8_t>(value >> 8);
}

void write_le32(std::span<std::uint8_t> to, std::size_t offset, std::uint32_t value) {
  RIG_ASSERT(offset + 4 <= to.size());
  for (std::size_t i = 0; i < 4; ++i) to[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

void write_be32(std::span<std::uint8_t> to, std::size_t offset, std::uint32_t value) {
  RIG_ASSERT(offset + 4 <= to.size());
  for (std::size_t i = 0; i < 4; ++i) {
    to[offset + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
}

void append_be16(Bytes& to, std::uint16_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8));
  to.push_back(static_cast<std::uint8_t>(value));
}

void append_be32(Bytes& to, std::uint32_t value) {
  append_be16(to, static_cast<std::uint16_t>(value >> 16));
  append_be16(to, static_cast<std::uint16_t>(value));
}

void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

void append(Bytes& to, std::string_view text) { to.insert(to.end(), text.begin(), text.end()); }

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace rig::base
