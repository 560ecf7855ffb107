// The data that the HTML report carries, as one JSON object: its only reader is the page itself
// (reports/js/data.js). What others may read is the report's own JSON (report_json.md).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/report_input.h"

namespace rig::report {

[[nodiscard]] nlohmann::json html_data(const ReportInput& input);

}  // namespace rig::report
