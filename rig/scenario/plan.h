// One cycle to run: what the runner needs of a scenario, with one cut (or none) and one seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ota/update_server.h"
#include "record/contract.h"
#include "record/cut_plan.h"
#include "scenario/scenario.h"

namespace rig::scenario {

struct CyclePlan {
  std::string scenario;  // Scenario::id
  std::uint64_t seed{};
  std::optional<record::CutPlan> cut;
  record::Contract contract;
  ota::Target update;
  std::optional<ota::Target> second_update;
  RebootTimes reboot_times{};
  // The update is on the board from the start: it is under way as soon as there is power.
  bool staged{false};
  record::Domains supplies{.board = true, .modem = true};  // what there is to power
  // So long after a cut its loss of power may be proven; 0: the judge's own second. A board that
  // holds up for longer says so on its bench.
  base::Duration prove_within{};
};

// `cut` absent: the control run (or a scenario without a planned cut).
[[nodiscard]] CyclePlan plan_of(const Scenario& scenario, std::optional<record::CutPlan> cut,
                                std::uint64_t seed);
[[nodiscard]] record::Contract contract_of(const Scenario& scenario,
                                           const std::optional<record::CutPlan>& cut);

// "user=2 system=700": the modules asked for.
[[nodiscard]] std::string to_text(const ota::Target& target);

}  // namespace rig::scenario
