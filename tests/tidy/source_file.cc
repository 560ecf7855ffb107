#include "source_file.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tidy {
namespace {

bool is_word_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

// Walks over the text and copies it, with blanks in place of comments and literals.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), code_(text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(code_);
  }

 private:
  void step() {
    if (follows("//")) {
      blank_until(line_end());
    } else if (follows("/*")) {
      blank_until(behind("*/", at_ + 2));
    } else if (text_[at_] == '"' && at_ > 0 && text_[at_ - 1] == 'R') {
      blank_raw_string();
    } else if (text_[at_] == '"') {
      blank_literal('"');
    } else if (text_[at_] == '\'' && !is_digit_separator()) {
      blank_literal('\'');
    } else {
      ++at_;
    }
  }

  [[nodiscard]] bool follows(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }
  // As in 1'000'000: the word before it began with a digit.
  [[nodiscard]] bool is_digit_separator() const {
    std::size_t begin = at_;
    while (begin > 0 && (is_word_letter(text_[begin - 1]) || text_[begin - 1] == '\'')) --begin;
    return begin < at_ && std::isdigit(static_cast<unsigned char>(text_[begin])) != 0;
  }
  [[nodiscard]] std::size_t line_end() const {
    return std::min(text_.find('\n', at_), text_.size());
  }
  [[nodiscard]] std::size_t behind(std::string_view what, std::size_t from) const {
    const std::size_t found = text_.find(what, from);
    return found == std::string_view::npos ? text_.size() : found + what.size();
  }

  void blank_until(std::size_t end) {
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') code_[at_] = ' ';
    }
  }

  // Keeps the quotes: "abc" becomes "   ".
  void blank_literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    ++at_;
    blank_until(std::min(end, text_.size()));
    if (at_ < text_.size()) ++at_;
  }

  void blank_raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return void(++at_);
    std::string close(text_.substr(at_, open - at_ + 1));  // "tag( becomes )tag"
    close.front() = ')';
    close.back() = '"';
    const std::size_t end = behind(close, open);
    ++at_;
    blank_until(end - 1);
    ++at_;
  }

  std::string_view text_;
  std::string code_;
  std::size_t at_{0};
};

bool is_source(const std::filesystem::path& path) {
  const std::string extension = path.extension();
  return extension == ".h" || extension == ".c" || extension == ".cc";
}

}  // namespace

bool SourceFile::is_cxx() const {
  return path.ends_with(".cc") || (is_header() && !is_below("firmware-under-test"));
}

bool SourceFile::is_below(std::string_view folder) const {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

SourceFile source_file(std::string path, std::string text) {
  std::string code = Blanker(text).run();
  return {.path = std::move(path), .text = std::move(text), .code = std::move(code)};
}

std::vector<SourceFile> read_sources(const std::filesystem::path& root) {
  std::vector<SourceFile> files;
  for (const char* folder : {"rig", "tests", "firmware-under-test"}) {
    if (!std::filesystem::is_directory(root / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || !is_source(entry.path())) continue;
      files.push_back(source_file(entry.path().lexically_relative(root).generic_string(),
                                  read_text(entry.path())));
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

int line_number(std::string_view text, std::size_t offset) {
  return 1 + static_cast<int>(std::ranges::count(text.substr(0, offset), '\n'));
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool free_before = at == 0 || !is_word_letter(text[at - 1]);
    const bool free_behind =
        end == text.size() || !is_word_letter(text[end]) || !is_word_letter(word.back());
    if (free_before && free_behind) return at;
  }
  return std::string_view::npos;
}

}  // namespace tidy
