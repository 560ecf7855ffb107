// Byte buffers and the integers in them. Every wire and flash layout of the rig is read and written
// through these functions, so that no layout depends on the host's byte order or alignment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rig::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// Readers: `offset` must leave room for the integer (RIG_ASSERT); callers check lengths of foreign
// data first.
[[nodiscard]] std::uint16_t read_le16(ByteView from, std::size_t offset);
[[nodiscard]] std::uint32_t read_le32(ByteView from, std::size_t offset);
[[nodiscard]] std::uint16_t read_be16(ByteView from, std::size_t offset);
[[nodiscard]] std::uint32_t read_be32(ByteView from, std::size_t offset);

void write_le16(std::span<std::uint8_t> to, std::size_t offset, std::uint16_t value);
void write_le32(std::span<std::uint8_t> to, std::size_t offset, std::uint32_t value);
void write_be32(std::span<std::uint8_t> to, std::size_t offset, std::uint32_t value);

void append_be16(Bytes& to, std::uint16_t value);
void append_be32(Bytes& to, std::uint32_t value);
void append(Bytes& to, ByteView more);
void append(Bytes& to, std::string_view text);

[[nodiscard]] Bytes bytes_of(std::string_view text);
[[nodiscard]] std::string_view as_text(ByteView bytes);

}  // namespace rig::base
