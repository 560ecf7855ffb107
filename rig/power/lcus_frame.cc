#include "power/lcus_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace rig::power {
namespace {

Channel channel_at(std::size_t index) { return {static_cast<std::uint8_t>(index + 1)}; }

LcusStatus parse_raw(base::ByteView bytes, std::uint8_t channels) {
  if (std::ranges::any_of(bytes, [](std::uint8_t byte) { return byte > 1; })) return LcusGarbled{};
  if (bytes.size() > channels) return LcusGarbled{};
  if (bytes.size() < channels) return LcusIncomplete{};
  Levels levels;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    levels.put(channel_at(i), bytes[i] == 1 ? Level::on : Level::off);
  }
  return levels;
}

std::string_view without_blanks_behind(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "CH2:ON" of channel 2; empty when it is another line.
std::optional<Level> level_in(std::string_view line, Channel channel) {
  const std::string head = fmt::format("CH{}:", channel.number);
  if (!line.starts_with(head)) return {};
  const std::string_view word = without_blanks_behind(line.substr(head.size()));
  if (word == "ON") return Level::on;
  if (word == "OFF") return Level::off;
  return {};
}

LcusStatus parse_text(std::string_view text, std::uint8_t channels) {
  Levels levels;
  for (std::size_t i = 0; i < channels; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return LcusIncomplete{};
    const auto level = level_in(text.substr(0, end), channel_at(i));
    if (!level) return LcusGarbled{};
    levels.put(channel_at(i), *level);
    text.remove_prefix(end + 1);
  }
  return text.empty() ? LcusStatus(levels) : LcusGarbled{};
}

}  // namespace

std::array<std::uint8_t, 4> encode_lcus_set(Channel channel, Level level) {
  constexpr std::uint8_t kStart = 0xA0;
  const std::uint8_t state = level == Level::on ? 1 : 0;
  return {kStart, channel.number, state,
          static_cast<std::uint8_t>(kStart + channel.number + state)};
}

LcusStatus parse_lcus_status(base::ByteView so_far, std::uint8_t channels) {
  if (so_far.empty()) return LcusIncomplete{};
  return so_far.front() == 'C' ? parse_text(base::as_text(so_far), channels)
                               : parse_raw(so_far, channels);
}

}  // namespace rig::power
