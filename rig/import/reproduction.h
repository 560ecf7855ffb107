// A scenario that puts the rig's own device through what a log shows. Every value that came from
// the log has a comment with its line; every value that the log does not tell has one that says so.
//
// What is reproduced is the link and the loss of power, not the product: device and firmware are
// the rig's stand-ins unless named. A rate is taken from progress lines, else from the slowest
// shipped link; regular resets become a watchdog, a single one in a session a cut at its time.
#pragma once

#include <string>

#include "import/structure.h"

namespace rig::import {

struct StandIn {
  std::string device;    // empty: by dialect, "imp" or "electron"
  std::string firmware;  // empty: likewise
  std::string sim_card{"third-party"};
  std::string apn{"iot.example.net"};
};

// YAML, a whole file. Deterministic.
[[nodiscard]] std::string scenario_of(const Log& log, const Structure& structure,
                                      const StandIn& stand_in);

}  // namespace rig::import
