// The command lines of Numato USB relay modules (2a19, CDC-ACM, any baud rate): text only.
//
// Source: Numato Lab "USB Relay Module" user guides, section "The command set":
//   relay on X / relay off X / relay readall, each ended by \r; the board echoes, answers on its
//   own line, lines end with \n\r, and prompts with '>'. Channels count from 0. X is 0-9, A-F (up
//   to 16 channels), 0-9, A-V (32 channels) or two decimal digits (64 channels).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "power/power_switch.h"

namespace rig::power {

inline constexpr char kNumatoPrompt = '>';

// `channels` is 1, 2, 4, 8, 16, 32 or 64; without the \r.
[[nodiscard]] std::string numato_set(Channel channel, Level level, std::uint8_t channels);

// What stands between the echo of `command` and the prompt, without line ends; "" when the board
// had nothing to say (it does not acknowledge a set). Empty optional when the echo or the prompt is
// not there: something else was in the board's line buffer.
[[nodiscard]] std::optional<std::string> numato_answer(std::string_view reply,
                                                       std::string_view command);

// Hexadecimal, one digit per four channels (at least one), as `relay readall` answers.
[[nodiscard]] std::optional<Levels> parse_numato_readall(std::string_view answer,
                                                         std::uint8_t channels);

}  // namespace rig::power
