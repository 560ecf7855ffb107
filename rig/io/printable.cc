#include "io/printable.h"

#include <algorithm>
#include <cstddef>

namespace rig::io {
namespace {

// The bytes a sequence may begin with, and the range of its second byte (Unicode 15, table 3-7).
struct Lead {
  unsigned char first;
  unsigned char last;
  std::size_t length;
  unsigned char second_first;
  unsigned char second_last;
};

constexpr Lead kLeads[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_plain(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return (byte >= 0x20 && byte < 0x80) || letter == '\t';
}

// Length of the well-formed sequence of several bytes that `text` begins with, or 0.
std::size_t sequence_length(std::string_view text) {
  const unsigned char first = byte_at(text, 0);
  const auto* lead = std::ranges::find_if(
      kLeads, [first](const Lead& each) { return each.first <= first && first <= each.last; });
  if (lead == std::end(kLeads) || text.size() < lead->length) return 0;
  if (byte_at(text, 1) < lead->second_first || byte_at(text, 1) > lead->second_last) return 0;
  const auto rest = text.substr(2, lead->length - 2);
  const bool whole = std::ranges::all_of(
      rest, [](char each) { return (static_cast<unsigned char>(each) & 0xC0) == 0x80; });
  return whole ? lead->length : 0;
}

void append_escaped(std::string& text, unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  text += "\\x";
  text += kDigits[byte >> 4];
  text += kDigits[byte & 15];
}

}  // namespace

std::string printable(std::string_view bytes) {
  if (std::ranges::all_of(bytes, is_plain)) return std::string(bytes);
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 4);
  while (!bytes.empty()) {
    const std::size_t length = is_plain(bytes.front()) ? 1 : sequence_length(bytes);
    if (length == 0) {
      append_escaped(text, byte_at(bytes, 0));
    } else {
      text += bytes.substr(0, length);
    }
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

}  // namespace rig::io
