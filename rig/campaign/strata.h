// Where the cuts of a night may fall: the phases of one update, as its control run went through
// them. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/event.h"
#include "scenario/points.h"

namespace rig::campaign {

// The update is in a phase once or several times (a copy per module).
struct Stay {
  base::Duration begins{};  // since the first offer
  base::Duration length{};
};

// Flash operations in a row that are all programs or all erases.
struct OpRun {
  std::uint64_t first{};
  std::uint64_t count{};
  bool erase{false};
};

struct Stratum {
  std::string phase{};
  std::vector<Stay> stays{};
  std::vector<OpRun> operations{};  // empty also where nobody can count them
};

[[nodiscard]] base::Duration length_of(const Stratum& stratum);
[[nodiscard]] std::uint64_t operations_in(const Stratum& stratum);

// In the order in which the update first enters them; those of no length and without operations are
// left out. The update ends with the first clean reboot, the next offer of the rig, or the last
// observation of a cycle that has neither. `operations`: with their phases.
[[nodiscard]] std::vector<Stratum> strata_of(const record::Timeline& control,
                                             std::span<const scenario::FlashOpInfo> operations);

}  // namespace rig::campaign
