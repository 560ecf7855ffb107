// One self-contained HTML file: no request leaves it, so that it can be mailed and archived.
#pragma once

#include <string>

#include "report/report_input.h"

namespace rig::report {

[[nodiscard]] std::string html(const ReportInput& input);

}  // namespace rig::report
