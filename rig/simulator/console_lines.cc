#include "simulator/console_lines.h"

#include <fmt/format.h>

#include <utility>

namespace rig::simulator {
namespace {

// Length of the well-formed sequence at `at` (Unicode 15, table 3-7), or 0.
std::size_t sequence_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  if (first >= 0xC2 && first <= 0xDF) {
    return follows(1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string printable(const std::string& bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = sequence_length(bytes, at);
    const bool control =
        length == 1 && static_cast<unsigned char>(bytes[at]) < 0x20 && bytes[at] != '\t';
    if (length == 0 || control) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[at]));
      ++at;
    } else {
      text.append(bytes, at, length);
      at += length;
    }
  }
  return text;
}

std::optional<std::string> ConsoleLines::feed(std::uint8_t byte) {
  if (byte == '\n') {
    if (!line_.empty() && line_.back() == '\r') {
      line_.pop_back();
    }
    return printable(std::exchange(line_, {}));
  }
  line_.push_back(static_cast<char>(byte));
  return line_.size() >= kLongest ? flush() : std::nullopt;
}

std::optional<std::string> ConsoleLines::flush() {
  if (line_.empty()) {
    return std::nullopt;
  }
  return printable(std::exchange(line_, {}));
}

}  // namespace rig::simulator
