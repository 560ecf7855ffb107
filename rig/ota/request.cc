#include "ota/request.h"

#include <algorithm>

namespace rig::ota {

namespace {

constexpr std::size_t kEventCharacters = 100;

std::string printable(base::ByteView bytes) {
  std::string text(base::as_text(bytes.first(std::min(bytes.size(), kEventCharacters))));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

template <typename Part>
std::optional<Request> widened(std::optional<Part> part) {
  if (!part) return std::nullopt;
  return Request(*std::move(part));
}

}  // namespace

std::optional<Request> request_from(const Datagram& datagram) {
  const base::ByteView payload(datagram.payload);
  if (datagram.code == Code::describe) return widened(parse_describe(base::as_text(payload)));
  if (datagram.code == Code::ping) return Request(Ping{});
  if (datagram.code == Code::event) return Request(DeviceEvent{printable(payload)});
  if (datagram.code == Code::missing) return widened(decode_missing(payload));
  if (datagram.code == Code::ready && decode_byte(payload)) return Request(Ready{});
  if (datagram.code == Code::result) {
    if (const auto code = decode_byte(payload)) return Request(ResultReport{*code});
  }
  return std::nullopt;
}

}  // namespace rig::ota
