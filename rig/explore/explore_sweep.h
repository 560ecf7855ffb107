// A sweep over every point of a staged update: explored (exploration.h) instead of executed one by
// one. What is executed in full, and booked, are examples: for each behaviour that was found the
// simplest sequence of cuts that leads to it.
#pragma once

#include "explore/sweep.h"

namespace rig::explore {

// The scenario sweeps every point, and everything that takes part can be compared (sim_rests.h).
[[nodiscard]] bool is_explored(const scenario::Scenario& scenario);

// Behind a control run that passed; `operations` are its own. Throws base::RigError when an example
// does not end as the exploration says: then the pruning is wrong.
[[nodiscard]] SweepEnd explore_sweep(const board::SimBench& bench, const SweepSettings& settings,
                                     const std::vector<scenario::FlashOpInfo>& operations,
                                     const SweepObserver& observer);

}  // namespace rig::explore
