// The parts of the page that are about the night and the rig, not about a single configuration:
// the gate's answer, what changed, the boards, the health of the rig.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/report_input.h"

namespace rig::report {

// Counts by Verdict, in its order.
[[nodiscard]] nlohmann::json counts_by_verdict(const store::VerdictCounts& counts);

// null without a gate's answer; {"outcome","headline","lines"}.
[[nodiscard]] nlohmann::json gate_json(const ReportInput& input);
// null without an earlier night; {"batch","started","rows":[{"row","other","before","now",
// "chance"}],"onlyNow","onlyBefore"}.
[[nodiscard]] nlohmann::json change_json(const ReportInput& input);
// Boards by name, all of their campaigns together: [{"name","kind","campaigns","counts",
// "controls","open","low","high","recovery_s","slow_s","host_s"}]: low and high bound the share of
// failing cuts at 95 %, two-sided.
[[nodiscard]] nlohmann::json boards_json(const ReportInput& input);
// {"causes":[{"board","v","text","n","c"}],"wear":[{"board","contact","closed"}],
// "out":[{"board","reason","since"}]}: out are the boards in quarantine.
[[nodiscard]] nlohmann::json health_json(const ReportInput& input);

}  // namespace rig::report
