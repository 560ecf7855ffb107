// Executes the planned cycles of a sweep, in parallel.
#pragma once

#include "explore/sweep.h"

namespace rig::explore {

// Calls observer.finished() for each. Cuts at flash operations must be in order of these: they
// branch off one execution of the update.
[[nodiscard]] SweepEnd run_cycles(const board::SimBench& bench, const SweepSettings& settings,
                                  const SweepPlan& plan, const SweepObserver& observer);

}  // namespace rig::explore
