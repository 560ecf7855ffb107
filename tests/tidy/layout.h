// Where things stand, and how headers and portable firmware begin.
#pragma once

#include <filesystem>

#include "complaint.h"
#include "source_file.h"

namespace tidy {

// The top level is the design's; what .gitignore names there is nobody's business.
[[nodiscard]] Complaints check_top_level(const std::filesystem::path& root);

// A header of rig/ is a contract: it opens with the comment that says what it is, then #pragma
// once.
[[nodiscard]] Complaints check_header(const SourceFile& file);

// firmware-under-test/core is chosen by the linker, never by the preprocessor: no conditionals but
// a header's include guard and __cplusplus.
[[nodiscard]] Complaints check_conditionals(const SourceFile& file);

}  // namespace tidy
