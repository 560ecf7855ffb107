// Which cuts of the update end how, by operation and address.
#pragma once

#include <vector>

#include "explore/coverage.h"

namespace rig::explore {

// At most so many runs are kept.
inline constexpr std::size_t kMostMapRuns = 4000;

[[nodiscard]] std::vector<MapRun> map_of(const Exploration& exploration);

}  // namespace rig::explore
