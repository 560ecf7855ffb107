// How big things may be: what fits on a screen can be reviewed.
#pragma once

#include "complaint.h"
#include "source_file.h"

namespace tidy {

inline constexpr int kFunctionLines = 70;
inline constexpr int kMainLines = 40;
inline constexpr int kParameters = 4;
inline constexpr int kFileLines = 400;
inline constexpr int kLineLetters = 100;

[[nodiscard]] Complaints check_functions(const SourceFile& file);  // lines, parameters
[[nodiscard]] Complaints check_length(const SourceFile& file);     // file, lines

}  // namespace tidy
