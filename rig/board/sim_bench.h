// Everything that the cycles of one scenario on the simulated board have in common, loaded and
// checked once (board/product.h). Makes cycles that refer to it; it must outlive them. Immutable
// after construction, so threads may share it.
#pragma once

#include <optional>

#include "board/product.h"
#include "board/sim_cycle.h"
#include "scenario/scenario.h"

namespace rig::board {

class SimBench {
 public:
  // Throws base::UsageError: firmware that is missing, damaged, for another platform or too large;
  // a torn model that the chip cannot do.
  SimBench(scenario::Scenario scenario, const scenario::Library& library);
  SimBench(const SimBench&) = delete;
  SimBench& operator=(const SimBench&) = delete;

  // A cycle that has not begun. The same cut and seed give the same timeline, byte for byte.
  // Throws base::UsageError: the cut is at a symbol that the firmware does not have, or leaves
  // behind what the chip cannot do.
  [[nodiscard]] SimCycle cycle(const std::optional<record::CutPlan>& cut, std::uint64_t seed) const;
  [[nodiscard]] record::PlanId plan_id(const std::optional<record::CutPlan>& cut,
                                       std::uint64_t seed) const;

  [[nodiscard]] const scenario::Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const simulator::McuDescription& mcu() const { return product_.mcu(); }
  [[nodiscard]] const image::Manifest& manifest() const { return product_.manifest; }

 private:
  void require_possible(record::TornKind kind) const;
  void locate(const record::CutPlan& cut, SimCycle& cycle) const;

  scenario::Scenario scenario_;
  Product product_;
};

}  // namespace rig::board
