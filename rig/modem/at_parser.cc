#include "modem/at_parser.h"

#include <algorithm>
#include <charconv>

namespace rig::modem {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool is_letter(char letter) { return letter >= 'A' && letter <= 'Z'; }

bool is_name(char letter) { return is_letter(letter) || is_digit(letter); }

char capital(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

// Where the unquoted `stop` is, or the end.
std::size_t find_unquoted(std::string_view text, char stop) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == stop && !quoted) return i;
  }
  return text.size();
}

Argument argument_from(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return {text, false};
  return {text.substr(1, text.size() - 2), true};
}

// False when there are too many.
bool split_arguments(Command& command) {
  std::string_view rest = command.argument_text;
  while (true) {
    if (command.count == Command::kMaximumArguments) return false;
    const std::size_t end = find_unquoted(rest, ',');
    command.arguments[command.count++] = argument_from(rest.substr(0, end));
    if (end == rest.size()) return true;
    rest.remove_prefix(end + 1);
  }
}

// "+NAME", "+NAME?", "+NAME=?", "+NAME=a,b", without the separator.
std::optional<Command> extended_command(std::string_view text) {
  Command command;
  std::size_t end = 1;
  while (end < text.size() && is_name(text[end])) ++end;
  command.name = text.substr(0, end);
  const std::string_view tail = text.substr(end);
  if (tail.empty()) return command;
  if (tail == "?") {
    command.form = Form::read;
    return command;
  }
  if (tail == "=?") {
    command.form = Form::test;
    return command;
  }
  if (tail.front() != '=') return std::nullopt;
  command.form = Form::set;
  command.argument_text = tail.substr(1);
  if (!split_arguments(command)) return std::nullopt;
  return command;
}

// "E0", "&K3", "Z": a letter, perhaps behind an ampersand, and digits. The length it took.
std::size_t basic_command(std::string_view text, Command& command) {
  const std::size_t letter = text.front() == '&' ? 1 : 0;
  if (letter >= text.size() || !is_letter(text[letter])) return 0;
  std::size_t end = letter + 1;
  while (end < text.size() && is_digit(text[end])) ++end;
  command.name = text.substr(0, letter + 1);
  command.argument_text = text.substr(letter + 1, end - letter - 1);
  if (!command.argument_text.empty()) {
    command.form = Form::set;
    command.arguments[0] = {command.argument_text, false};
    command.count = 1;
  }
  return end;
}

}  // namespace

bool LineEditor::feed(char letter) {
  if (letter == '\r') return !line_.empty();
  if (letter == '\b') {
    if (!line_.empty()) line_.pop_back();
    return false;
  }
  if (static_cast<unsigned char>(letter) < 0x20) return false;
  if (line_.size() < kLimit) {
    line_.push_back(letter);
  } else {
    overflowed_ = true;
  }
  return false;
}

void LineEditor::clear() {
  line_.clear();
  overflowed_ = false;
}

std::optional<std::uint32_t> Command::number(std::size_t index) const {
  if (index >= count) return std::nullopt;
  const std::string_view digits = arguments[index].text;
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  std::uint32_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [last, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || last != end) return std::nullopt;
  return value;
}

std::string_view Command::text(std::size_t index) const {
  return index < count ? arguments[index].text : std::string_view{};
}

std::optional<std::string> command_body(std::string_view line) {
  const auto is_prefix = [](char first, char second) {
    return capital(first) == 'A' && capital(second) == 'T';
  };
  const auto at = std::ranges::adjacent_find(line, is_prefix);
  if (at == line.end()) return std::nullopt;
  std::string body;
  bool quoted = false;
  for (const char letter : line.substr(static_cast<std::size_t>(at - line.begin()) + 2)) {
    if (letter == '"') quoted = !quoted;
    if (letter == ' ' && !quoted) continue;
    body.push_back(quoted ? letter : capital(letter));
  }
  return body;
}

std::optional<Command> take_command(std::string_view& body) {
  if (body.front() == '+') {
    const std::size_t end = find_unquoted(body, ';');
    const auto command = extended_command(body.substr(0, end));
    body.remove_prefix(std::min(end + 1, body.size()));
    return command;
  }
  Command command;
  const std::size_t length = basic_command(body, command);
  if (length == 0) {
    body = {};
    return std::nullopt;
  }
  body.remove_prefix(length);
  if (!body.empty() && body.front() == ';') body.remove_prefix(1);
  return command;
}

}  // namespace rig::modem
