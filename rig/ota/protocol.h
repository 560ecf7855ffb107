// Datagrams of the product's update protocol, after the shape of Particle's chunked transfer over
// CoAP (device-os v0.7.0, communication/src/chunked_transfer.cpp). UDP, big endian; DTLS is out of
// scope. Decoding never trusts: anything malformed is an empty optional.
//
//   datagram: u8 type | u8 code | u16 message id | payload
//
// A CON is answered by an ACK of the same id whose code is 0x00, or 0x80 when it is refused.
//
//   0x01 HELLO    up   CON  device id (12) | u32 session | u8 mode | u8 reset reason
//   0x02 DESCRIBE up   CON  JSON text, see describe.h
//   0x03 PING     up   CON  empty
//   0x04 EVENT    up   CON  text "name=data"
//   0x10 BEGIN    down CON  u8 flags (bit 0 fast, bit 1 fetch) | u16 chunk size | u32 length |
//                           u8 store | u32 address; with fetch, the version in place of it
//   0x11 READY    up   CON  u8 flags
//   0x12 CHUNK    down NON (fast) or CON (confirmed)  u32 CRC-32 of the data | u16 index | data
//   0x13 DONE     down CON  empty: every chunk was sent once
//   0x14 MISSING  up   CON  up to 50 u16 chunk indices
//   0x15 RESULT   up   CON  u8: 0 accepted, 1 crc, 2 platform, 3 range, 4 header
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace rig::ota {

inline constexpr std::size_t kChunkBytes = 512;
inline constexpr std::size_t kMissingPerRequest = 50;

enum class MessageType : std::uint8_t { con = 0, non = 1, ack = 2, rst = 3 };

enum class Code : std::uint8_t {
  ok = 0x00,
  hello = 0x01,
  describe = 0x02,
  ping = 0x03,
  event = 0x04,
  begin = 0x10,
  ready = 0x11,
  chunk = 0x12,
  done = 0x13,
  missing = 0x14,
  result = 0x15,
  refused = 0x80,
};

struct Datagram {
  MessageType type{MessageType::con};
  Code code{Code::ok};  // may be none of the enumerators when it was received
  std::uint16_t id{};
  base::Bytes payload{};
  bool operator==(const Datagram&) const = default;
};

enum class DeviceMode : std::uint8_t { normal = 0, safe = 1 };

struct Hello {
  std::array<std::uint8_t, 12> device{};
  std::uint32_t session{};
  DeviceMode mode{DeviceMode::normal};
  std::uint8_t reset_reason{};
  bool operator==(const Hello&) const = default;
};

struct Begin {
  bool fast{true};
  bool fetch{false};  // no chunks come: the device gets the image elsewhere
  std::uint16_t chunk_size{kChunkBytes};
  std::uint32_t length{};
  std::uint8_t store{0};  // 0: firmware
  std::uint32_t address{};
  bool operator==(const Begin&) const = default;
};

struct Chunk {
  std::uint32_t crc{};
  std::uint16_t index{};
  base::Bytes data{};
  bool operator==(const Chunk&) const = default;
};

struct Missing {
  std::vector<std::uint16_t> indices{};
  bool operator==(const Missing&) const = default;
};

inline constexpr std::uint8_t kResultAccepted = 0;

[[nodiscard]] base::Bytes encode(const Datagram& datagram);
[[nodiscard]] std::optional<Datagram> decode_datagram(base::ByteView bytes);

// Payloads.
[[nodiscard]] base::Bytes encode(const Hello& hello);
[[nodiscard]] base::Bytes encode(const Begin& begin);
[[nodiscard]] base::Bytes encode(const Chunk& chunk);
[[nodiscard]] base::Bytes encode(const Missing& missing);
[[nodiscard]] std::optional<Hello> decode_hello(base::ByteView payload);
[[nodiscard]] std::optional<Begin> decode_begin(base::ByteView payload);
// A wrong CRC is not malformed: compare `crc` with base::crc32(data).
[[nodiscard]] std::optional<Chunk> decode_chunk(base::ByteView payload);
[[nodiscard]] std::optional<Missing> decode_missing(base::ByteView payload);
// READY's flags or RESULT's code.
[[nodiscard]] std::optional<std::uint8_t> decode_byte(base::ByteView payload);

[[nodiscard]] std::string_view name_of(Code code);  // "begin"; "unknown" for others

}  // namespace rig::ota
