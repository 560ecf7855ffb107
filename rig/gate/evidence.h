// What stored campaigns have to say about a policy: counts, and nothing else. Plain values;
// gather() (gate/gather.h) fills them from a store, decide() (gate/decision.h) judges them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "statistics/binomial.h"

namespace rig::gate {

// Cuts. `missed` were tried and are no trials: the cut did not land, or the rig failed. They never
// count as passed.
struct Count {
  std::uint64_t failures{};
  std::uint64_t trials{};
  std::uint64_t missed{};

  [[nodiscard]] statistics::Sample sample() const { return {failures, trials}; }
  void add(const Count& more);
  bool operator==(const Count&) const = default;
};

struct NamedCount {
  std::string name;
  Count count{};
  bool operator==(const NamedCount&) const = default;
};

// Adds to the entry of this name, which is appended where it is missing.
void add_to(std::vector<NamedCount>& counts, const std::string& name, const Count& more);
[[nodiscard]] Count count_of(const std::vector<NamedCount>& counts, const std::string& name);

// The sweep of a scenario that decided most of what it planned.
struct Coverage {
  std::string scenario;
  std::uint64_t decided{};
  std::uint64_t planned{};
  std::uint64_t flash_ops{};  // of the whole update; 0: unknown
};

struct Part {
  Count cuts{};
  std::vector<NamedCount> phases{};
  std::vector<NamedCount> boards{};
  std::vector<Coverage> coverage{};
  // Cuts of the simulated board that an earlier cycle had made already, to the letter of the plan
  // id. They prove nothing more and are in no count.
  std::uint64_t repeated{};
  std::vector<std::int64_t> cut_times_us{};  // of trials, since the start of their cycle, ascending
};

// Runs without a cut.
struct Controls {
  std::uint64_t clean{};
  std::uint64_t failed{};  // the update failed all the same
  std::uint64_t missed{};  // the rig failed
};

// A firmware with a planted bug, run beside the product: it must fail.
struct KnownBad {
  std::string scenario;
  std::uint64_t failures{};
  std::uint64_t trials{};
};

// What was tried: one line per scenario and kind of board.
struct Build {
  std::string scenario;
  std::string board;     // kind
  std::string firmware;  // name
  std::string hash;
  std::string pair;                // "user_app v1 -> v2, system 0.7.0"; may be empty
  std::uint64_t older_left_out{};  // campaigns of other builds
};

// A scenario must not be missing unnoticed among others.
struct Tried {
  std::string scenario;
  Count cuts{};
  std::uint64_t clean_runs{};  // of a scenario that cuts nothing
};

struct Evidence {
  std::vector<Build> builds{};
  std::vector<Tried> tried{};
  Part emulated{};
  Part boards{};
  Controls controls{};
  std::vector<KnownBad> known_bad{};
  std::string worst_plan{};  // of a failing cut, to be replayed; may be empty
};

}  // namespace rig::gate
