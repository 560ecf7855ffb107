// The class requests that switch a USB hub's port, as setup packets and status words: no USB.
//
// Source: Universal Serial Bus Specification 2.0, section 11.23.2 (hub descriptor) and 11.24.2
// (class-specific requests); Universal Serial Bus 3.1 Specification, section 10.15 and 10.16.
// A USB 3 hub is two hubs: the same socket is a port of each, and both must lose power.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "power/power_switch.h"
#include "power/usb_control.h"

namespace rig::power {

enum class HubSpeed : std::uint8_t { usb2, usb3 };

[[nodiscard]] UsbRequest hub_port_power(Channel port, Level level);
[[nodiscard]] UsbRequest hub_port_status(Channel port);
[[nodiscard]] UsbRequest hub_descriptor(HubSpeed speed);

// From the four bytes of GET_STATUS: what the hub believes about VBUS, which many hubs leave on.
[[nodiscard]] std::optional<Level> decode_port_power(base::ByteView status, HubSpeed speed);

struct HubAbilities {
  std::uint8_t ports{};
  bool switches_each_port{};  // else all together, or not at all
};
[[nodiscard]] std::optional<HubAbilities> decode_hub_descriptor(base::ByteView descriptor);

}  // namespace rig::power
