// One run of a program, without a shell: argv in, exit and output out, killed with everything it
// started when it takes too long. Not a supervisor of long-lived children.
#pragma once

#include <string>
#include <vector>

#include "power/power_switch.h"

namespace rig::power {

struct Finished {
  int status{};        // exit code; 128 + signal when a signal ended it
  std::string output;  // stdout and stderr as they came, the first 64 KiB
  bool timed_out{};    // killed at the deadline
  Moment ended{};
};

// argv[0] is looked up in PATH; stdin is empty. Its process group is killed at the deadline, and
// whatever is left of it when the program ends. SwitchError(absent) when there is no such program,
// (no_permission) when it may not be run.
[[nodiscard]] Finished run_program(const std::vector<std::string>& argv, Moment deadline);

}  // namespace rig::power
