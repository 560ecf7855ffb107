// The command line of the modem: ITU-T V.250 clauses 5.2 (characters), 5.3 (basic syntax) and 5.4
// (extended syntax), as u-blox modems read it. Pure text; it knows no command.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rig::modem {

// Collects one line, character by character. CR ends it, backspace takes a character back, LF and
// other control characters are passed over. A longer line than the limit is kept as overflowed.
class LineEditor {
 public:
  static constexpr std::size_t kLimit = 1024;

  // True when `letter` completed a line that is not empty.
  [[nodiscard]] bool feed(char letter);
  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  [[nodiscard]] bool empty() const { return line_.empty(); }
  void clear();

 private:
  std::string line_;
  bool overflowed_{false};
};

enum class Form : std::uint8_t { execute, read, test, set };

struct Argument {
  std::string_view text;  // without its quotes
  bool quoted{false};
};

// One command of a line; views into the line's body.
struct Command {
  static constexpr std::size_t kMaximumArguments = 8;

  std::string_view name;  // "+USOST", "E", "&K"
  Form form{Form::execute};
  std::array<Argument, kMaximumArguments> arguments{};
  std::size_t count{0};
  std::string_view argument_text;  // all of them, as they were written

  // Absent when there is no such argument or it is no unsigned number of at most nine digits.
  [[nodiscard]] std::optional<std::uint32_t> number(std::size_t index) const;
  // Empty when there is no such argument.
  [[nodiscard]] std::string_view text(std::size_t index) const;
};

// What stands behind "AT", without blanks and in capitals except between quotes. Noise in front of
// the "AT" is passed over; absent when there is none: a modem ignores such a line.
[[nodiscard]] std::optional<std::string> command_body(std::string_view line);

// Takes the next command off the body; absent when what follows has no form of a command (the body
// is then used up). The body must not be empty.
[[nodiscard]] std::optional<Command> take_command(std::string_view& body);

}  // namespace rig::modem
