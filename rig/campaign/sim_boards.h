// The simulated boards of a night: all alike, so one set of loaded scenarios serves them all.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "board/sim_bench.h"
#include "campaign/crew.h"
#include "scenario/library.h"
#include "scenario/scenario.h"

namespace rig::campaign {

struct NightScenario {
  scenario::Scenario scenario;
  scenario::Library library;
};

// A control run of the scenario, for what the draws of its cuts need: Entry::strata. Empty strata
// mean that the control failed; `why` says how. Throws base::UsageError as SimBench does.
struct Survey {
  std::vector<Stratum> strata{};
  std::uint64_t operations{};
  std::string why{};
};
[[nodiscard]] Survey survey(const board::SimBench& bench, std::uint64_t seed);

// Scenarios of a night by entry, each over every link that its cuts take. Filled before the boards
// begin: their threads share it.
class SimBenches {
 public:
  void add(std::size_t entry, const NightScenario& night, const std::vector<std::string>& links);
  // `link` empty: the scenario's own.
  [[nodiscard]] const board::SimBench& at(std::size_t entry, const std::string& link) const;

 private:
  std::map<std::pair<std::size_t, std::string>, std::unique_ptr<board::SimBench>> benches_;
};

[[nodiscard]] std::string plan_text(const board::SimBench& bench, const Draw& draw);
[[nodiscard]] Answer run_on_sim(const board::SimBench& bench, const Order& order);

}  // namespace rig::campaign
