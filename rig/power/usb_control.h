// A USB control request as a value, and what a transport for it must offer. The drivers that need
// nothing but control requests are templates over it, so that a test hands them a device made of
// plain code, at the level of single transfers. Not an interface: nobody chooses at run time.
#pragma once

#include <concepts>
#include <cstdint>

#include "base/bytes.h"
#include "power/power_switch.h"

namespace rig::power {

// Universal Serial Bus Specification 2.0, table 9-2.
struct UsbRequest {
  std::uint8_t type{};
  std::uint8_t request{};
  std::uint16_t value{};
  std::uint16_t index{};
  std::uint16_t length{0};  // of the answer; 0 when the request carries data or nothing

  bool operator==(const UsbRequest&) const = default;
};

// send: control transfer out with `data`; ask: control transfer in, at most `length` bytes. Both
// throw SwitchError: vanished, no_answer (the deadline), refused (STALL), busy, no_permission.
template <typename Device>
concept UsbControl = requires(Device device, const UsbRequest& request, base::ByteView data,
                              Moment deadline) {
  { device.send(request, data, deadline) } -> std::same_as<void>;
  { device.ask(request, deadline) } -> std::same_as<base::Bytes>;
};

}  // namespace rig::power
