// What a night proved, as its command says it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "campaign/soak.h"
#include "cli/soaking.h"
#include "gate/decision.h"

namespace rig::cli {

struct NightSummary {
  std::string name;
  campaign::SoakEnd end{};
  campaign::SoakView view{};
  std::vector<LeftOut> left_out{};
  std::vector<store::CampaignSummary> campaigns{};  // of the batch, all controllers
  std::optional<gate::Decision> gate{};             // where the night has a policy
  std::string standing{};                           // of its sequential test, where it has one
};

// Those of the batch that the summary is called after.
void add_campaigns(NightSummary& night, store::Store& store);

// Counts of the trial's campaigns; the known-bad ones have their own.
struct NightCounts {
  store::VerdictCounts cuts;
  store::VerdictCounts runs;
  store::VerdictCounts controls;
  store::VerdictCounts known_bad;
  std::uint64_t open{};
};
[[nodiscard]] NightCounts counts_of(const std::vector<store::CampaignSummary>& campaigns);

// Why the night proves less than it was to prove; empty when nothing is wrong.
[[nodiscard]] std::vector<std::string> shortcomings(const NightSummary& night);

// The gate's answer, where there is one. Otherwise 1 the device failed; 3 nothing failed, and there
// are shortcomings. 130 interrupted, in any case.
[[nodiscard]] int exit_code_of(const NightSummary& night);

[[nodiscard]] nlohmann::json to_json(const NightSummary& night);
void print_text(const NightSummary& night);

}  // namespace rig::cli
