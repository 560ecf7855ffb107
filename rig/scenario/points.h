// Where to cut: points of a sweep chosen from the flash operations of the control run. Pure and
// deterministic: the same operations, size and seed give the same cuts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/cut_plan.h"
#include "scenario/scenario.h"

namespace rig::scenario {

// One program or erase operation of the update under test.
struct FlashOpInfo {
  std::uint64_t index{};  // 1.., as FlashOpTrigger counts
  std::uint32_t address{};
  std::uint32_t bytes{};  // 4 for a word, the sector for an erase
  bool erase{false};
  std::string phase;  // update phase in which it happens
  base::Instant at{};
};

// The torn models that make sense for an operation, of those that are wanted; `old` when none does.
[[nodiscard]] std::vector<record::TornModel> torn_models_for(
    const FlashOpInfo& op, const std::vector<record::TornKind>& wanted);

// Indices (FlashOpInfo::index, ascending, distinct) of about `count` operations: every erase; the
// first and last operation of every run of ascending words and of every phase, with neighbours;
// configuration (DCT) and bootloader regions, thinned to a third of the sweep; the rest evenly
// spaced with seeded dither. All of them when there are no more than `count`.
[[nodiscard]] std::vector<std::uint64_t> choose_points(const std::vector<FlashOpInfo>& ops,
                                                       std::uint32_t count, std::uint64_t seed);

// The cuts of a flash-op sweep: one torn model per point, rotating through those of the sweep that
// make sense for the operation (a partial erase only for an erase).
[[nodiscard]] std::vector<record::CutPlan> expand(const Sweep& sweep,
                                                  const std::vector<FlashOpInfo>& ops,
                                                  std::uint64_t seed);

// The cuts of a time sweep over an update that takes `length` without one: evenly spaced, each with
// its own seeded dither.
[[nodiscard]] std::vector<record::CutPlan> expand(const Sweep& sweep, base::Duration length,
                                                  std::uint64_t seed);

}  // namespace rig::scenario
