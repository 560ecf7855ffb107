// What is plugged into USB, read from sysfs (Linux Documentation/ABI/testing/sysfs-bus-usb): no
// device is opened, no permission needed.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "power/usb_address.h"

namespace rig::power {

// In the order of their port paths. An absent USB subsystem is an empty list.
[[nodiscard]] std::vector<UsbCandidate> plugged_in(const std::filesystem::path& sysfs = "/sys");

// The node of `candidate` whose name starts with `kind` ("/dev/tty", "/dev/hidraw"). SwitchError
// (absent) when no driver is bound, or brltty has taken the port away.
[[nodiscard]] std::string node_of(const UsbCandidate& candidate, std::string_view kind);

}  // namespace rig::power
