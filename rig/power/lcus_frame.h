// The frames of LCUS-1/2/4/8 relay boards (CH340, 9600 baud): bytes only.
//
// Source: LC Technology "LCUS-1 type USB relay module" product page (command table):
//   A0 n 01 sum   channel n on          A0 n 00 sum   off          sum = low byte of the three
//   FF            status; the answer depends on the maker, and some boards give none:
//     one byte 00 or 01 per channel                       (NOYITO's page)
//     text "CH1:ON \r\nCH2:OFF \r\n"                      (AscomSwitchDriver's README)
#pragma once

#include <array>
#include <cstdint>
#include <variant>

#include "base/bytes.h"
#include "power/power_switch.h"

namespace rig::power {

[[nodiscard]] std::array<std::uint8_t, 4> encode_lcus_set(Channel channel, Level level);

inline constexpr std::uint8_t kLcusStatusRequest = 0xFF;

struct LcusIncomplete {};  // a beginning of an answer; read on
struct LcusGarbled {};     // no board answers this
using LcusStatus = std::variant<Levels, LcusIncomplete, LcusGarbled>;

// The dialect shows in the first byte. `so_far` may be empty (incomplete).
[[nodiscard]] LcusStatus parse_lcus_status(base::ByteView so_far, std::uint8_t channels);

}  // namespace rig::power
