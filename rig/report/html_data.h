// The data that the HTML report carries, as one JSON object (html_data.md).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/report_input.h"

namespace rig::report {

[[nodiscard]] nlohmann::json html_data(const ReportInput& input);

}  // namespace rig::report
