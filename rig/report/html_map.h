// The map of a campaign: every cut at its flash operation, its instant and its flash address.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "report/report_input.h"

namespace rig::report {

// Above this many cuts, cuts of one verdict that would fall onto each other become one mark.
inline constexpr std::size_t kLargestMarks = 5'000;

// {"op":[],"t":[],"a":[],"v":[],"n":[],"p":[]}: columns of equal length; t in ms, v is a Verdict,
// n the cuts that a mark stands for, p the plan id of the first of them without the parts that
// `plans` names for all.
[[nodiscard]] nlohmann::json marks_json(const CampaignReport& campaign);

// Stretches of the update in one phase, by the cuts that landed in it:
// [{"phase","t0","t1","op0","op1"}] in order of time.
[[nodiscard]] nlohmann::json bands_json(const CampaignReport& campaign);

// [{"name","start","size"}] of a product whose flash map is known; empty otherwise.
[[nodiscard]] nlohmann::json regions_json(std::string_view firmware);

// Plan ids of one campaign begin and end alike: {"prefix","suffix"}.
struct PlanAffixes {
  std::string prefix;
  std::string suffix;
  [[nodiscard]] std::string_view middle_of(std::string_view plan) const;
};
[[nodiscard]] PlanAffixes plan_affixes(const CampaignReport& campaign);

}  // namespace rig::report
