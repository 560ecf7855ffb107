#include "io/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "io/printable.h"

namespace rig::io {
namespace {

bool is_safe(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
         std::string_view("_-./=:,+@%").find(letter) != std::string_view::npos;
}

std::string quoted(const std::string& word) {
  if (!word.empty() && std::ranges::all_of(word, is_safe)) return word;
  std::string text(1, '\'');
  for (const char letter : printable(word)) {
    if (letter == '\'') {
      text += "'\\''";
    } else {
      text += letter;
    }
  }
  text += '\'';
  return text;
}

}  // namespace

std::string to_text(const Command& command) {
  std::string text;
  for (const std::string& word : command.argv) {
    if (!text.empty()) text += ' ';
    text += quoted(word);
  }
  return text;
}

std::string to_text(const Outcome& outcome) {
  const std::string how = outcome.kind == Outcome::Kind::exited
                              ? fmt::format("exit status {}", outcome.number)
                              : fmt::format("killed by signal {}", outcome.number);
  return outcome.timed_out ? how + " after its limit" : how;
}

}  // namespace rig::io
