// Turns the bytes of a console into lines of text: cut at LF, CR before it dropped, at 64 KB cut
// anyway. Bytes that are not UTF-8 become \xNN. The end of power or a reset ends a line too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rig::simulator {

class ConsoleLines {
 public:
  static constexpr std::size_t kLongest = 64U << 10;

  [[nodiscard]] std::optional<std::string> feed(std::uint8_t byte);
  // What was begun, if anything.
  [[nodiscard]] std::optional<std::string> flush();
  [[nodiscard]] std::size_t size() const { return line_.size(); }

 private:
  std::string line_;
};

// Valid UTF-8 is kept; every other byte becomes \xNN.
[[nodiscard]] std::string printable(const std::string& bytes);

}  // namespace rig::simulator
