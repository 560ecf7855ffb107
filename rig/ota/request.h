// What a device in session asks of the server, decoded and checked. HELLO is not among it: it opens
// the session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "ota/describe.h"
#include "ota/protocol.h"

namespace rig::ota {

struct Ping {};
struct DeviceEvent {
  std::string text;  // printable ASCII, at most 100 characters
};
struct Ready {};
struct ResultReport {
  std::uint8_t code{};
};
using Request = std::variant<Describe, Ping, DeviceEvent, Ready, Missing, ResultReport>;

// Empty: not a request, or its payload is malformed.
[[nodiscard]] std::optional<Request> request_from(const Datagram& datagram);

}  // namespace rig::ota
