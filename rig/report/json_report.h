// report.json (report_json.md) and the summary that `--json` prints.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "report/report_input.h"

namespace rig::report {

// One campaign: {"scenario","board","points","runs","seconds","control","verdicts",
// "counterexamples":[{"plan","phase","verdict","findings"}], ...}
[[nodiscard]] nlohmann::json summary_json(const CampaignReport& campaign);

// The whole report as text; invalid UTF-8 of a console is replaced.
[[nodiscard]] std::string report_json(const ReportInput& input);

// JSON text of a value that may hold console output.
[[nodiscard]] std::string dumped(const nlohmann::json& value, int indent = -1);

}  // namespace rig::report
