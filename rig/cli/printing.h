// How cycles look on a terminal and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "record/event.h"
#include "record/verdict.h"
#include "store/model.h"

namespace rig::cli {

// "verdict: unreachable (cut in phase safe-mode)" and a line per finding.
[[nodiscard]] std::string to_text(const record::Judgement& judgement);
[[nodiscard]] std::string to_text(const record::Timeline& timeline);

[[nodiscard]] nlohmann::json to_json(const record::Judgement& judgement);
[[nodiscard]] nlohmann::json to_json(const store::Cycle& cycle);
// {"scenario","board","points","runs","seconds","control","verdicts":{..},"counterexamples":[..]}
[[nodiscard]] nlohmann::json to_json(const store::CampaignSummary& summary,
                                     const std::vector<store::Cycle>& cycles);

// A judgement with its plan, and what the link did (null: nothing is known), as the object that
// --json promises.
void print_judgement(const std::string& plan, const record::Judgement& judgement,
                     const nlohmann::json& link = nullptr);

}  // namespace rig::cli
