// One text file of the project, as the rules look at it: as it stands, and with everything blanked
// that is no code.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

struct SourceFile {
  std::string path;  // relative to the project's root, with '/'
  std::string text;
  // As `text`, of the same length and with the same line ends, but comments and the insides of
  // string and character literals are blanks. Preprocessor lines are still there.
  std::string code;

  [[nodiscard]] bool is_header() const { return path.ends_with(".h"); }
  [[nodiscard]] bool is_cxx() const;                           // everything but the firmware's C
  [[nodiscard]] bool is_below(std::string_view folder) const;  // folder without its '/'
};

[[nodiscard]] SourceFile source_file(std::string path, std::string text);

// Every .h, .c and .cc file below the folders of `root` that people write (rig, tests,
// firmware-under-test), in order of path.
[[nodiscard]] std::vector<SourceFile> read_sources(const std::filesystem::path& root);

[[nodiscard]] std::string read_text(const std::filesystem::path& path);
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
[[nodiscard]] int line_number(std::string_view text, std::size_t offset);  // 1..

// The offset of `word` in `text` at or after `from`, standing alone (no letter, digit or underscore
// beside it); npos when there is none. A `word` that ends in '(' may be followed by anything.
[[nodiscard]] std::size_t find_word(std::string_view text, std::string_view word,
                                    std::size_t from = 0);

}  // namespace tidy
