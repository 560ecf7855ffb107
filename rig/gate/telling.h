// A decision for people, and for programs.
#pragma once

#include <string>

#include "gate/decision.h"

namespace rig::gate {

// The answer first, then the two parts, a line per demand, and what the cuts could have missed.
[[nodiscard]] std::string to_text(const Decision& decision);

// {"gate","answer","exit_code","still_needed","cycles_needed","emulated","boards",
//  "clauses":[{"name","answer","text","still_needed"}],
//  "detection":[{"part","window_us","probability"}],"remarks":[..]}
// `answer` is "accept", "reject" or "not-enough".
[[nodiscard]] std::string to_json(const Decision& decision);

// As the last step of a pipeline: 0 accept, 1 reject, 3 not enough evidence.
[[nodiscard]] int exit_code_of(Answer answer);

}  // namespace rig::gate
