// May it go out? A pure function of a policy and of counts: one clause per demand, each with its
// own answer; the worst is the answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gate/evidence.h"
#include "gate/policy.h"

namespace rig::gate {

// In order of badness.
enum class Answer : std::uint8_t { accept, not_enough, reject };
[[nodiscard]] std::string_view name_of(Answer answer);  // "accept", "not enough evidence", "reject"

struct Clause {
  std::string name;  // "boards: cuts in phase applying"
  Answer answer{};
  std::string text{};            // what there is, what is wanted
  std::uint64_t still_needed{};  // cuts that have to land, if none of them fails
};

// "A window of this width would have been hit with this probability."
struct Detection {
  std::string part;  // "emulated", "boards"
  std::int64_t window_us{};
  double probability{};
};

struct Decision {
  std::string policy;
  Answer answer{};
  std::vector<Clause> clauses{};
  // Two parts, each one sentence: what was decided in emulation, what landed on boards.
  std::string emulated{};
  std::string boards{};
  std::uint64_t still_needed{};  // cuts that have to land
  // The same in cycles, at the share of cuts that has landed so far.
  std::uint64_t cycles_needed{};
  std::vector<Detection> detection{};
  std::vector<std::string> remarks{};
};

[[nodiscard]] Decision decide(const Policy& policy, const Evidence& evidence);

}  // namespace rig::gate
