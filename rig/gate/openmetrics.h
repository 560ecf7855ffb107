// The latest night of every scenario as an OpenMetrics text file, for whatever collects metrics
// from files. Gauges only: a later night or a pruned one may lower any of them.
#pragma once

#include <string>

#include "gate/history.h"

namespace rig::gate {

// Ends with "# EOF". Labels: scenario, night, firmware (name@hash).
[[nodiscard]] std::string openmetrics(const History& history);

}  // namespace rig::gate
