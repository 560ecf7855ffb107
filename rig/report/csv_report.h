// One line per cycle, RFC 4180, with a header line.
#pragma once

#include <string>

#include "report/report_input.h"

namespace rig::report {

[[nodiscard]] std::string csv(const ReportInput& input);

}  // namespace rig::report
