// Words that must not appear: in code, what the house does another way; in comments, what is not
// finished.
#pragma once

#include "complaint.h"
#include "source_file.h"

namespace tidy {

// Code of rig/ and of the firmware: ownership by hand, sleeping, shells, clocks and chance outside
// of the shells that may have them.
[[nodiscard]] Complaints check_banned_code(const SourceFile& file);

// Promises of later, in comments and strings too. Tests may quote the soft ones.
[[nodiscard]] Complaints check_unfinished(const SourceFile& file);

}  // namespace tidy
