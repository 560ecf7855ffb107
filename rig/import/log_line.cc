#include "import/log_line.h"

namespace rig::import {

std::string_view name_of(Dialect dialect) {
  switch (dialect) {
    case Dialect::imp:
      return "imp status";
    case Dialect::particle:
      return "Particle events";
    case Dialect::serial:
      return "serial console";
  }
  return "";
}

std::string_view name_of(What what) {
  constexpr std::string_view kNames[] = {
      "text",     "connected", "disconnected", "triggered",      "downloading", "progress",
      "finished", "failed",    "reset",        "reset-reported", "safe-mode",   "version"};
  return kNames[static_cast<std::size_t>(what)];
}

}  // namespace rig::import
