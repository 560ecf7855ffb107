// The serial ports there are, each with all that can identify it, from sysfs and /dev/serial; no
// udev needed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rig::console {

struct PortInfo {
  std::string node{};      // "/dev/ttyUSB0": changes with every plugging
  std::string usb_port{};  // "1-2.3": bus 1, hub at port 2, its port 3; empty: no USB device
  std::optional<int> interface {};  // of a USB device that has several ports
  std::optional<std::uint16_t> vendor{};
  std::optional<std::uint16_t> product{};
  std::string serial{};       // as the device says; often missing, or the same for all of a kind
  std::string description{};  // "FTDI FT232R USB UART"
  std::string by_id{};        // udev's links, where there are any
  std::string by_path{};
};

// "/dev/ttyUSB0: port=1-2.3 interface=0 usb=0403:6001 serial=A9 (FTDI FT232R USB UART)"
[[nodiscard]] std::string to_text(const PortInfo& port);

// Where the kernel and udev show them; elsewhere in tests.
struct PortRoots {
  std::string sys{"/sys"};
  std::string dev{"/dev"};
};

// Ordered by node. A port that goes while it is looked at is left out.
[[nodiscard]] std::vector<PortInfo> list_ports(const PortRoots& roots = {});

// What sysfs knows of one node, empty but for its name if it is no port of sysfs.
[[nodiscard]] PortInfo describe_port(const std::string& node, const PortRoots& roots = {});

}  // namespace rig::console
