// The reports of the V-USB relay boards sold as "USBRelay1" to "USBRelay8" (DCT Tech, 16c0:05df):
// bytes in, bytes out, no USB.
//
// Source: DCT Tech "USB Relay device" software development kit, usb_relay_device.h, and the
// usb-relay-hid project's doc/hidrelay.md (report layout). One 8-byte feature report, no report
// ids:
//
//   command  FF n 00..  channel n on        FE 00..  all on
//            FD n 00..  channel n off       FC 00..  all off
//   state    bytes 0-4 serial (ASCII), byte 5 = 0, byte 7 = bitmap, bit 0 = relay 1
//
// The bitmap is the commanded latch. It says "on" on a board whose coils have no supply.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "power/power_switch.h"

namespace rig::power {

inline constexpr std::size_t kHidReportBytes = 8;
using HidReport = std::array<std::uint8_t, kHidReportBytes>;

struct HidRelayState {
  std::string serial;  // as stored, printable or not
  Levels levels;
};

[[nodiscard]] HidReport encode_hid_set(Channel channel, Level level);

// The 8 bytes as they came from the device (some host libraries put a report id before them: not
// part of it). Empty when they are no state report: wrong length, byte 5 not zero, or a relay the
// board does not have.
[[nodiscard]] std::optional<HidRelayState> decode_hid_state(base::ByteView report,
                                                            std::uint8_t channels);

// "USBRelay4" -> 4; empty when it is another device with the same shared VID:PID.
[[nodiscard]] std::optional<std::uint8_t> hid_relay_channels(std::string_view product);

}  // namespace rig::power
