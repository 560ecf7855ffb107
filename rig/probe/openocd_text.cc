#include "probe/openocd_text.h"

#include <fmt/format.h>

#include <charconv>

namespace rig::probe {
namespace {

template <class Number>
std::optional<Number> number_from(std::string_view digits, int base) {
  Number value{};
  const char* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value, base);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

std::optional<std::uint32_t> tcl_number(std::string_view word) {
  if (word.starts_with("0x")) return number_from<std::uint32_t>(word.substr(2), 16);
  return number_from<std::uint32_t>(word, 10);
}

}  // namespace

std::string tcl_request(std::string_view command) {
  return fmt::format("format {{%d %s}} [catch {{{}}} otarig_result] $otarig_result{}", command,
                     kTclEnd);
}

std::optional<TclAnswer> parse_tcl_answer(std::string_view answer) {
  const std::size_t space = answer.find(' ');
  if (space == answer.npos) return std::nullopt;
  const auto code = number_from<int>(answer.substr(0, space), 10);
  if (!code) return std::nullopt;
  return TclAnswer{.good = *code == 0, .text = std::string(answer.substr(space + 1))};
}

std::string tcl_word(std::string_view text) {
  std::string word = "\"";
  for (const char byte : text) {
    if (std::string_view("\\\"$[]{};").find(byte) != std::string_view::npos) word += '\\';
    word += byte;
  }
  return word + "\"";
}

std::optional<std::vector<std::uint32_t>> tcl_numbers(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) {
      const auto number = tcl_number(text.substr(0, end));
      if (!number) return std::nullopt;
      numbers.push_back(*number);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return numbers;
}

std::optional<ListeningPort> parse_listening(std::string_view line) {
  constexpr std::string_view kBefore = "Listening on port ";
  constexpr std::string_view kBetween = " for ";
  constexpr std::string_view kAfter = " connections";
  const std::size_t at = line.find(kBefore);
  if (at == line.npos || !line.ends_with(kAfter)) return std::nullopt;
  line.remove_prefix(at + kBefore.size());
  line.remove_suffix(kAfter.size());
  const std::size_t between = line.find(kBetween);
  if (between == line.npos) return std::nullopt;
  const auto port = number_from<std::uint16_t>(line.substr(0, between), 10);
  if (!port) return std::nullopt;
  return ListeningPort{.port = *port,
                       .service = std::string(line.substr(between + kBetween.size()))};
}

}  // namespace rig::probe
