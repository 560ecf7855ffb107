// The part of the page, and of report.json, that is about the links of the cycles.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/link_figures.h"

namespace rig::report {

// [{"profile","engine","cycles","tcp","pcap":[{"cycle","file"}],"up","down"}], a direction being
// {"packets","delivered","bytes","marked","dropped":{reason:n},"loss_applied","loss_asked",
// "late_p50_us","late_p99_us","late_max_us","rate_error_ppm"}; losses are shares of the packets.
[[nodiscard]] nlohmann::json links_json(const std::vector<LinkFigures>& links);

}  // namespace rig::report
