#include "console/port_place.h"

#include <filesystem>

#include "base/rig_error.h"

namespace rig::console {

std::string node_of(const PortMatch& match, const PortRoots& roots) {
  if (match.path.empty()) return choose_port(match, list_ports(roots)).node;
  std::error_code error;
  const std::filesystem::path node = std::filesystem::canonical(match.path, error);
  if (error) {
    throw base::RigError(error, "open serial port " + match.path,
                         "not plugged in, or without power");
  }
  return node;
}

}  // namespace rig::console
