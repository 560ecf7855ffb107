#include "power/numato_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace rig::power {
namespace {

std::string channel_text(Channel channel, std::uint8_t channels) {
  if (channels > 32) return fmt::format("{:02}", channel.number);
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
  return std::string(1, kDigits.at(channel.number));
}

bool is_line_end(char letter) { return letter == '\r' || letter == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_line_end(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_line_end(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string numato_set(Channel channel, Level level, std::uint8_t channels) {
  return fmt::format("relay {} {}", level == Level::on ? "on" : "off",
                     channel_text(channel, channels));
}

std::optional<std::string> numato_answer(std::string_view reply, std::string_view command) {
  reply = trimmed(reply);
  if (!reply.starts_with(command) || !reply.ends_with(kNumatoPrompt)) return {};
  reply.remove_prefix(command.size());
  if (!is_line_end(reply.front())) return {};
  reply.remove_suffix(1);
  return std::string(trimmed(reply));
}

std::optional<Levels> parse_numato_readall(std::string_view answer, std::uint8_t channels) {
  const std::size_t digits = std::max(1, channels / 4);
  std::uint64_t bits = 0;
  const char* end = answer.data() + answer.size();
  const auto result = std::from_chars(answer.data(), end, bits, 16);
  if (result.ec != std::errc{} || result.ptr != end) return {};
  // Boards below 8 channels answer two digits.
  if (answer.size() < digits || answer.size() > std::max<std::size_t>(digits, 2)) return {};
  if (channels < 64 && bits >> channels != 0) return {};
  return Levels(bits);
}

}  // namespace rig::power
