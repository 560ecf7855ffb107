// A program that a scenario or a bench names: what to run to provision a board or to start an
// update in the product's own way. Plain values; board/ runs them, without a shell.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"

namespace rig::scenario {

class Value;
class Section;

struct Program {
  // `{name}` in an argument stands for a word of the cycle: {board} {user} {system} {bootloader}
  // {apn}.
  std::vector<std::string> argv;
  base::Duration timeout{std::chrono::seconds(60)};
  std::map<std::string, std::string> env;  // added to the rig's own
};

using Words = std::map<std::string, std::string>;

// A list of at least one text.
[[nodiscard]] std::vector<std::string> command_line_from(const Value& value);
// The keys command, timeout and env of a section; the others are the caller's.
[[nodiscard]] Program program_in(Section& section);
// A map with these keys only.
[[nodiscard]] Program program_from(const Value& value);

// `argv` with the words filled in; a name that nobody knows stays as it is.
[[nodiscard]] std::vector<std::string> filled_in(const std::vector<std::string>& argv,
                                                 const Words& words);

}  // namespace rig::scenario
