// Finds the functions of a C or C++ file without a compiler. A heuristic, by matching braces; it is
// right about code formatted by clang-format in the house style. What it does:
//
// - Comments, literals and preprocessor lines do not count (both branches of an #if do).
// - Namespaces, extern "C" and class bodies are entered, everything else in braces is skipped.
// - A block is a function body when the text before its brace has a parameter list and no '='
// outside
//   it. Member functions, operators, constructors (with initialisers in braces too) and
//   GoogleTest's TEST(..) count; lambdas and local classes belong to the function they stand in.
// - A function's lines run from the first line of its declaration to its closing brace.
// - Parameters are counted by the commas of its parameter list. None are counted for macros (all
//   capitals) and for the callbacks of C libraries, which begin with a handle (uc_engine*,
//   sqlite3*): others decide on those.
#pragma once

#include <string>
#include <vector>

#include "source_file.h"

namespace tidy {

struct Function {
  std::string name;
  int line{};   // of the declaration's first word
  int lines{};  // including the closing brace
  int parameters{};
};

[[nodiscard]] std::vector<Function> functions_in(const SourceFile& file);

}  // namespace tidy
