// What a real board cannot do: asked before anything is started, so that a scenario is refused with
// the reason and never silently weakened.
#pragma once

#include <optional>
#include <string>

#include "scenario/bench.h"
#include "scenario/scenario.h"

namespace rig::scenario {

struct Obstacle {
  std::string key;  // of the scenario file
  std::string why;  // what is wrong; what would be right
};

// A scenario for a serial board, whichever that will be. `cut`: the one to be run, whatever the
// scenario says.
[[nodiscard]] std::optional<Obstacle> why_not_serial(const Scenario& scenario,
                                                     const std::optional<record::CutPlan>& cut);
// Any scenario on this board.
[[nodiscard]] std::optional<Obstacle> why_not_on(const BenchBoard& board, const Scenario& scenario,
                                                 const std::optional<record::CutPlan>& cut);

// One cycle of it, with this cut or with none, whatever the scenario says of cuts.
[[nodiscard]] std::optional<Obstacle> why_not_one_on(const BenchBoard& board,
                                                     const Scenario& scenario,
                                                     const std::optional<record::CutPlan>& cut);

}  // namespace rig::scenario
