// What is different from an earlier night.
#pragma once

#include <optional>
#include <string>

#include "report/report_input.h"

namespace rig::report {

// The latest batch that began before all campaigns of the report and ran one of its scenarios on
// the same kind of board.
[[nodiscard]] std::optional<std::string> earlier_batch(store::Store& store,
                                                       const ReportInput& input);

// Configurations beside the campaigns of `batch` that ran the same scenario on the same kind of
// board, whatever their firmware. Firmware with planted bugs is left out. Throws base::UsageError
// when there is no such batch.
[[nodiscard]] ChangeSince change_since(store::Store& store, const ReportInput& input,
                                       const std::string& batch);

}  // namespace rig::report
