// One socket of a USB hub, switched through the kernel: the port's `disable` attribute (Linux 6.0,
// Documentation/ABI/testing/sysfs-bus-usb). The kernel then removes the device cleanly, and leaves
// the port off, which it does not when a program talks to the hub behind its back.
//
// The other half of a dual-speed socket is the port that the kernel calls its `peer`; both are
// switched. The attribute tells what the kernel asked for: many hubs report off and keep the power.
#pragma once

#include <filesystem>
#include <vector>

#include "power/power_switch.h"

namespace rig::power {

struct HubSocket {
  std::string hub;  // its USB port path: "1-1"; a root hub is "usb1"
  Channel port;     // of that hub
};

// The folder of the port: .../devices/1-1/1-1:1.0/1-1-port2, or usb1/1-0:1.0/usb1-port2.
[[nodiscard]] std::filesystem::path port_folder(const HubSocket& socket,
                                                const std::filesystem::path& sysfs);

class SysfsPort final : public PowerSwitch {
 public:
  // SwitchError: absent (no such hub or port, or a kernel before 6.0), no_permission.
  explicit SysfsPort(const HubSocket& socket, const std::filesystem::path& sysfs = "/sys");

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }
  // Blocks in the kernel while a driver lets go of its device; the deadline cannot end that.
  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override;
  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override;

 private:
  SwitchTraits traits_;
  std::vector<std::filesystem::path> attributes_;  // of both halves
};

}  // namespace rig::power
