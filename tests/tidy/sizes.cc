#include "sizes.h"

#include <algorithm>

#include "functions.h"

namespace tidy {
namespace {

std::string too_many(const std::string& what, int count, int limit) {
  return what + std::to_string(count) + ", limit " + std::to_string(limit);
}

// UTF-8: continuation bytes take no column.
int letters(std::string_view line) {
  return static_cast<int>(std::ranges::count_if(
      line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace

Complaints check_functions(const SourceFile& file) {
  Complaints complaints;
  for (const Function& function : functions_in(file)) {
    const int limit = function.name == "main" ? kMainLines : kFunctionLines;
    if (function.lines > limit) {
      complaints.push_back({file.path, function.line,
                            too_many("lines of " + function.name + ": ", function.lines, limit)});
    }
    if (function.parameters > kParameters) {
      complaints.push_back(
          {file.path, function.line,
           too_many("parameters of " + function.name + ": ", function.parameters, kParameters)});
    }
  }
  return complaints;
}

Complaints check_length(const SourceFile& file) {
  Complaints complaints;
  int number = 0;
  for (const std::string_view line : lines_of(file.text)) {
    ++number;
    if (letters(line) <= kLineLetters) continue;
    complaints.push_back(
        {file.path, number, too_many("letters in a line: ", letters(line), kLineLetters)});
  }
  if (number > kFileLines) {
    complaints.push_back({file.path, number, too_many("lines of a file: ", number, kFileLines)});
  }
  return complaints;
}

}  // namespace tidy
