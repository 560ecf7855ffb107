#include "report/html_link.h"

#include <nlohmann/json.hpp>

namespace rig::report {
namespace {

using nlohmann::json;

json way_json(const LinkWay& way) {
  const double packets = way.offered == 0 ? 1 : static_cast<double>(way.offered);
  return {{"packets", way.offered},
          {"delivered", way.delivered},
          {"bytes", way.bytes},
          {"marked", way.marked},
          {"dropped", way.dropped},
          {"loss_applied", way.applied_losses / packets},
          {"loss_asked", way.asked_losses / packets},
          {"late_p50_us", way.late_p50_us},
          {"late_p99_us", way.late_p99_us},
          {"late_max_us", way.late_max_us},
          {"rate_error_ppm", way.rate_error_ppm}};
}

json files_json(const std::vector<PacketFile>& files) {
  json out = json::array();
  for (const PacketFile& each : files) {
    out.push_back({{"cycle", each.cycle.value}, {"file", each.file}});
  }
  return out;
}

}  // namespace

json links_json(const std::vector<LinkFigures>& links) {
  json out = json::array();
  for (const LinkFigures& each : links) {
    out.push_back({{"profile", each.profile},
                   {"engine", each.engine},
                   {"cycles", each.cycles},
                   {"tcp", each.tcp.empty() ? json() : json(each.tcp)},
                   {"pcap", files_json(each.files)},
                   {"up", way_json(each.up)},
                   {"down", way_json(each.down)}});
  }
  return out;
}

}  // namespace rig::report
