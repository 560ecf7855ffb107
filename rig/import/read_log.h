// From the text of a log file to lines in order of time.
//
// Prose between log lines is left out and counted, so that a whole forum thread can be read. Lines
// that stand before earlier ones are sorted; where a paste repeats itself (same stamp, same text,
// out of order), the repetition is left out and noted. A clock of the day that jumps back by more
// than half of one has passed midnight; an uptime that jumps back is a device that started again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "import/log_line.h"

namespace rig::import {

struct Log {
  std::string file;            // as it was named; for messages and comments
  Clock clock{};               // one kind in a file
  std::vector<LogLine> lines;  // ascending by stamp; never empty
  std::size_t skipped{};       // lines without meaning, blank ones not counted
  std::vector<std::string> notes;
};

// Throws base::UsageError "file:line:column: ..." that says from which line on it cannot be read:
// bytes that are no text, a stamp that cannot be, two kinds of clock; or that no line is a log
// line.
[[nodiscard]] Log read_log(std::string_view text, const std::string& file);

}  // namespace rig::import
