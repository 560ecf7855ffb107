// The map of a configuration: every cut at its flash operation, its instant and its flash address.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "report/report_input.h"

namespace rig::report {

inline constexpr double kConfidence = 0.95;  // of every bound on the page, two-sided

// {"op":[],"t":[],"a":[],"v":[],"n":[],"p":[]}: columns of equal length; t in ms, v is a Verdict,
// n the cuts that a mark stands for, p the plan id of the first of them without the parts that
// `plans` names for all.
[[nodiscard]] nlohmann::json marks_json(const ReportInput& input,
                                        const Configuration& configuration);

// [{"phase","t0","t1","op0","op1"}] in order of time; t in ms.
[[nodiscard]] nlohmann::json bands_json(const ReportInput& input,
                                        const Configuration& configuration);

// [{"phase","t0","t1","op0","op1","n","failed","low","high"}]: low and high bound the share of cuts
// that are survived there, at 95 %, two-sided (Clopper-Pearson).
[[nodiscard]] nlohmann::json survival_json(const ReportInput& input,
                                           const Configuration& configuration);

// What the cuts would have hit: [[window in ms, probability]] (statistics::chance_of_hit).
[[nodiscard]] nlohmann::json hits_json(const Configuration& configuration);

// [{"name","start","size"}] of a product whose flash map is known; empty otherwise.
[[nodiscard]] nlohmann::json regions_json(std::string_view firmware);

// Plan ids of one configuration begin and end alike: {"prefix","suffix"}.
struct PlanAffixes {
  std::string prefix;
  std::string suffix;
  [[nodiscard]] std::string_view middle_of(std::string_view plan) const;
};
// Of all plan ids that the page shows for it.
[[nodiscard]] PlanAffixes plan_affixes(const ReportInput& input,
                                       const Configuration& configuration);

}  // namespace rig::report
