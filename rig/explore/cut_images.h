// Flash around the last cut of a cycle: what a board has to be programmed with to start where the
// cut left it, without any timing.
#pragma once

#include <string>

#include "board/sim_bench.h"
#include "simulator/flash_op.h"

namespace rig::explore {

struct CutImages {
  std::uint32_t base{};          // address of the first byte
  base::Bytes start;             // before the first power-on
  base::Bytes before;            // when the cut came
  base::Bytes after;             // what it left
  simulator::FlashOp operation;  // in flight; index 0: none was
};

// Executes the cycle up to its last cut. Throws base::RigError when a cut does not land.
[[nodiscard]] CutImages images_at_cut(const board::SimBench& bench, const record::CutPlan& cut,
                                      std::uint64_t seed);

// For people: the torn operation, and the stretches of flash that differ from the start.
[[nodiscard]] std::string to_text(const CutImages& images);

}  // namespace rig::explore
