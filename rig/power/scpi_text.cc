#include "power/scpi_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace rig::power {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

bool same_word(std::string_view text, std::string_view upper) {
  return std::ranges::equal(text, upper, [](char a, char b) {
    return a == b || (a >= 'a' && a <= 'z' && a - 'a' + 'A' == b);
  });
}

}  // namespace

std::string scpi_select(Channel channel) { return fmt::format(":INST:NSEL {}", channel.number); }

std::string scpi_output(Level level) { return level == Level::on ? ":OUTP ON" : ":OUTP OFF"; }

std::string scpi_volts(double volts) { return fmt::format(":SOUR:VOLT {:.3f}", volts); }

std::optional<Level> parse_scpi_level(std::string_view answer) {
  const std::string_view word = trimmed(answer);
  if (word == "1" || same_word(word, "ON")) return Level::on;
  if (word == "0" || same_word(word, "OFF")) return Level::off;
  return {};
}

std::optional<double> parse_scpi_number(std::string_view answer) {
  std::string_view word = trimmed(answer);
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const char* end = word.data() + word.size();
  const auto result = std::from_chars(word.data(), end, value);
  const bool whole = result.ec == std::errc{} && result.ptr == end;
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

bool is_scpi_no_error(std::string_view answer) {
  const std::string_view text = trimmed(answer);
  return parse_scpi_number(text.substr(0, text.find(','))) == 0.0;
}

}  // namespace rig::power
