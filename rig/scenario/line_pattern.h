// A compiled RE2 that can be copied with the value it belongs to (RE2 itself cannot; a copy
// compiles the pattern again).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace rig::scenario {

class LinePattern {
 public:
  // RIG_ASSERTs that the pattern is valid; ask problem_with() first for user text.
  explicit LinePattern(std::string text);
  LinePattern(const LinePattern& other);
  LinePattern(LinePattern&&) noexcept;
  LinePattern& operator=(const LinePattern& other);
  LinePattern& operator=(LinePattern&&) noexcept;
  ~LinePattern();

  // Searched anywhere within the line.
  [[nodiscard]] bool found_in(std::string_view line) const;
  [[nodiscard]] const re2::RE2& regex() const { return *regex_; }

  // Empty when `text` is a valid pattern, else what RE2 says about it.
  [[nodiscard]] static std::string problem_with(const std::string& text);

 private:
  std::string text_;
  std::unique_ptr<re2::RE2> regex_;
};

}  // namespace rig::scenario
