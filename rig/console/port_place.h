// From what a bench says of a serial port to the node that is there now.
#pragma once

#include <string>

#include "console/port_info.h"
#include "console/port_match.h"

namespace rig::console {

// Throws base::RigError (nothing is plugged in there), base::UsageError (several match).
[[nodiscard]] std::string node_of(const PortMatch& match, const PortRoots& roots = {});

}  // namespace rig::console
