#include "ota/protocol.h"

#include <algorithm>

namespace rig::ota {

namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kHelloBytes = 18;
constexpr std::size_t kBeginBytes = 12;
constexpr std::size_t kChunkHeaderBytes = 6;

}  // namespace

base::Bytes encode(const Datagram& datagram) {
  base::Bytes bytes;
  bytes.reserve(kHeaderBytes + datagram.payload.size());
  bytes.push_back(static_cast<std::uint8_t>(datagram.type));
  bytes.push_back(static_cast<std::uint8_t>(datagram.code));
  base::append_be16(bytes, datagram.id);
  base::append(bytes, base::ByteView(datagram.payload));
  return bytes;
}

std::optional<Datagram> decode_datagram(base::ByteView bytes) {
  if (bytes.size() < kHeaderBytes) return std::nullopt;
  if (bytes[0] > static_cast<std::uint8_t>(MessageType::rst)) return std::nullopt;
  const base::ByteView payload = bytes.subspan(kHeaderBytes);
  return Datagram{.type = static_cast<MessageType>(bytes[0]),
                  .code = static_cast<Code>(bytes[1]),
                  .id = base::read_be16(bytes, 2),
                  .payload = base::Bytes(payload.begin(), payload.end())};
}

base::Bytes encode(const Hello& hello) {
  base::Bytes bytes(hello.device.begin(), hello.device.end());
  base::append_be32(bytes, hello.session);
  bytes.push_back(static_cast<std::uint8_t>(hello.mode));
  bytes.push_back(hello.reset_reason);
  return bytes;
}

std::optional<Hello> decode_hello(base::ByteView payload) {
  if (payload.size() != kHelloBytes || payload[16] > 1) return std::nullopt;
  Hello hello;
  std::copy_n(payload.begin(), hello.device.size(), hello.device.begin());
  hello.session = base::read_be32(payload, 12);
  hello.mode = static_cast<DeviceMode>(payload[16]);
  hello.reset_reason = payload[17];
  return hello;
}

base::Bytes encode(const Begin& begin) {
  base::Bytes bytes;
  bytes.push_back(static_cast<std::uint8_t>((begin.fast ? 1 : 0) | (begin.fetch ? 2 : 0)));
  base::append_be16(bytes, begin.chunk_size);
  base::append_be32(bytes, begin.length);
  bytes.push_back(begin.store);
  base::append_be32(bytes, begin.address);
  return bytes;
}

std::optional<Begin> decode_begin(base::ByteView payload) {
  if (payload.size() != kBeginBytes) return std::nullopt;
  return Begin{.fast = (payload[0] & 1) != 0,
               .fetch = (payload[0] & 2) != 0,
               .chunk_size = base::read_be16(payload, 1),
               .length = base::read_be32(payload, 3),
               .store = payload[7],
               .address = base::read_be32(payload, 8)};
}

base::Bytes encode(const Chunk& chunk) {
  base::Bytes bytes;
  bytes.reserve(kChunkHeaderBytes + chunk.data.size());
  base::append_be32(bytes, chunk.crc);
  base::append_be16(bytes, chunk.index);
  base::append(bytes, base::ByteView(chunk.data));
  return bytes;
}

std::optional<Chunk> decode_chunk(base::ByteView payload) {
  if (payload.size() <= kChunkHeaderBytes) return std::nullopt;
  const base::ByteView data = payload.subspan(kChunkHeaderBytes);
  return Chunk{.crc = base::read_be32(payload, 0),
               .index = base::read_be16(payload, 4),
               .data = base::Bytes(data.begin(), data.end())};
}

base::Bytes encode(const Missing& missing) {
  base::Bytes bytes;
  for (const std::uint16_t index : missing.indices) base::append_be16(bytes, index);
  return bytes;
}

std::optional<Missing> decode_missing(base::ByteView payload) {
  const std::size_t count = payload.size() / 2;
  if (payload.size() % 2 != 0 || count == 0 || count > kMissingPerRequest) return std::nullopt;
  Missing missing;
  for (std::size_t n = 0; n < count; ++n) {
    missing.indices.push_back(base::read_be16(payload, n * 2));
  }
  return missing;
}

std::optional<std::uint8_t> decode_byte(base::ByteView payload) {
  if (payload.size() != 1) return std::nullopt;
  return payload[0];
}

std::string_view name_of(Code code) {
  switch (code) {
    case Code::ok:
      return "ok";
    case Code::hello:
      return "hello";
    case Code::describe:
      return "describe";
    case Code::ping:
      return "ping";
    case Code::event:
      return "event";
    case Code::begin:
      return "begin";
    case Code::ready:
      return "ready";
    case Code::chunk:
      return "chunk";
    case Code::done:
      return "done";
    case Code::missing:
      return "missing";
    case Code::result:
      return "result";
    case Code::refused:
      return "refused";
  }
  return "unknown";
}

}  // namespace rig::ota
