// The single-byte commands of Devantech USB-RLY boards (04d8:ffee, CDC-ACM, any baud rate).
//
// Source: Devantech (robot-electronics) USB-RLY08 and USB-RLY16 technical documentation,
// "Commands":
//   64+n relay n on, 6E+n relay n off (n = 1..8; n = 0: all), 5B -> one byte, bit 0 = relay 1.
// No command but the queries is answered.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "power/power_switch.h"

namespace rig::power {

inline constexpr std::uint8_t kUsbRlyReadStates = 0x5B;

[[nodiscard]] std::uint8_t encode_usb_rly_set(Channel channel, Level level);

// Empty when it is no answer to 5B: not one byte, or a relay the board does not have.
[[nodiscard]] std::optional<Levels> decode_usb_rly_states(base::ByteView answer,
                                                          std::uint8_t channels);

}  // namespace rig::power
