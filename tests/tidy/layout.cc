#include "layout.h"

#include <algorithm>
#include <set>
#include <string>

namespace tidy {
namespace {

const std::set<std::string>& allowed_at_the_top() {
  static const std::set<std::string> kAllowed{
      ".ci",       ".clang-format", ".clang-tidy",         ".git",  ".gitignore",
      "README.md", "LICENSE",       "CMakeLists.txt",      "build", "CMakePresets.json",
      "dev",       "fixtures",      "firmware-under-test", "rig",   "reports",
      "scenarios", "tests"};
  return kAllowed;
}

std::set<std::string> ignored_at_the_top(const std::filesystem::path& root) {
  std::set<std::string> ignored;
  if (!std::filesystem::exists(root / ".gitignore")) return ignored;
  const std::string text = read_text(root / ".gitignore");
  for (std::string_view line : lines_of(text)) {
    if (line.ends_with('/')) line.remove_suffix(1);
    if (line.find('/') == std::string_view::npos) ignored.emplace(line);
  }
  return ignored;
}

std::string_view unindented(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
}

// "if X", "ifdef X", "elif X"; empty when the line is no conditional directive.
std::string_view conditional(std::string_view line) {
  line = unindented(line);
  if (!line.starts_with('#')) return {};
  line = unindented(line.substr(1));
  return line.starts_with("if") || line.starts_with("elif") ? line : std::string_view{};
}

}  // namespace

Complaints check_top_level(const std::filesystem::path& root) {
  Complaints complaints;
  const std::set<std::string> ignored = ignored_at_the_top(root);
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string name = entry.path().filename();
    if (allowed_at_the_top().contains(name) || ignored.contains(name)) continue;
    complaints.push_back({name, 1, "has no place at the top level; see the module map"});
  }
  return complaints;
}

Complaints check_header(const SourceFile& file) {
  if (!file.is_header() || !file.is_below("rig")) return {};
  constexpr std::size_t kSentence = 20;  // shorter than this says nothing
  const auto lines = lines_of(file.text);
  const bool comment = !lines.empty() && lines.front().starts_with("//");
  if (!comment || lines.front().size() < kSentence) {
    return {{file.path, 1, "a header opens with a comment: what it is, and what it is not"}};
  }
  const auto code = std::ranges::find_if(
      lines, [](std::string_view line) { return !line.empty() && !line.starts_with("//"); });
  if (code == lines.end() || *code != "#pragma once") {
    return {{file.path, 1, "#pragma once follows the opening comment"}};
  }
  return {};
}

Complaints check_conditionals(const SourceFile& file) {
  if (!file.is_below("firmware-under-test/core")) return {};
  Complaints complaints;
  int number = 0;
  bool guard_allowed = file.is_header();
  for (const std::string_view line : lines_of(file.code)) {
    ++number;
    const std::string_view directive = conditional(line);
    if (directive.empty() || directive.starts_with("ifdef __cplusplus")) continue;
    const bool guard = guard_allowed && directive.starts_with("ifndef ");
    guard_allowed = false;
    if (!guard) complaints.push_back({file.path, number, "#if in core/; let the linker choose"});
  }
  return complaints;
}

}  // namespace tidy
