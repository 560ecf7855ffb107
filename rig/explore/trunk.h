// The one execution of an update that all cuts of a sweep branch off from.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "board/sim_bench.h"
#include "explore/sweep.h"

namespace rig::explore {

// The control run: judged, with every flash operation of the update under test (those of the clean
// reboots and of the second update are not cut points).
struct ControlRun {
  record::Timeline timeline;
  store::CycleOutcome outcome;
  std::vector<scenario::FlashOpInfo> operations;
};
[[nodiscard]] ControlRun run_control(const board::SimBench& bench, std::uint64_t seed);

// The leading events of every cut cycle: the update with a cut armed that is still to come.
[[nodiscard]] record::Timeline trunk_timeline(const board::SimBench& bench,
                                              const record::CutPlan& last, std::uint64_t seed);

// Executes the update up to the last of `cycles` (in order of their flash operation) and calls
// `branch` with a copy that is paused with the operation in flight. `branch` false: stop.
using Branch = std::function<bool(const PlannedCycle&, board::SimCycle)>;
void grow_trunk(const board::SimBench& bench, std::uint64_t seed,
                std::span<const PlannedCycle> cycles, const Branch& branch);

// The flash operation that a cut of a sweep waits for.
[[nodiscard]] std::uint64_t operation_of(const record::CutPlan& cut);

}  // namespace rig::explore
