// What is plugged into this machine, as the beginning of a bench file. Finding is reading sysfs;
// drafting is pure.
#pragma once

#include <string>
#include <vector>

#include "console/port_info.h"
#include "power/usb_switches.h"

namespace rig::cli {

struct Plugged {
  std::vector<power::UsbCandidate> usb;
  std::vector<console::PortInfo> ports;
  std::vector<power::HubSocket> sockets;
};
// Opens no device and needs no permission.
[[nodiscard]] Plugged plugged_into_this_machine();

struct Draft {
  struct Found {
    std::string name;     // of the switch on the bench; of a console: its port
    std::string line;     // YAML
    std::string comment;  // what the device says of itself
  };
  std::vector<Found> switches;
  std::vector<std::string> contacts;  // "switch: NAME, channel: 1"
  std::vector<Found> consoles;
  std::vector<Found> unclear;  // serial converters: a relay board or a console, its owner knows
  std::vector<std::string> sockets;  // "1-1: 1 2 3"
};
[[nodiscard]] Draft draft_of(const Plugged& plugged);

// A file that scenario::parse_bench() reads. Each console becomes a board behind the next contact
// that is free; what nobody can know from here is a comment.
[[nodiscard]] std::string bench_text(const Draft& draft);

}  // namespace rig::cli
