// A device and a server on this machine that see each other only through an engine: three network
// namespaces, the middle one with an interface to each. For trying the engines themselves, and the
// kernel's TCP behind any profile. Needs CAP_SYS_ADMIN and CAP_NET_ADMIN.
//
// Nothing of it has a name outside of its namespaces, and they live as long as somebody is in them:
// when this process ends, by SIGKILL as well, the kernel takes all of it away.
#pragma once

#include <cstdint>

#include "io/net_namespace.h"

namespace rig::shaping {

class NetworkLab {
 public:
  static constexpr std::uint32_t kServerAddress = 0x0A4D0001;  // 10.77.0.1
  static constexpr std::uint32_t kDeviceAddress = 0x0A4D0002;  // 10.77.0.2
  static constexpr const char* kBoardSide = "otarig-board";    // in the middle
  static constexpr const char* kServerSide = "otarig-server";

  // Throws base::RigError. Packets in it are those of a wire: offloads are off and verified.
  explicit NetworkLab(std::uint32_t mtu = 1500);

  [[nodiscard]] const io::NetNamespace& device() const { return device_; }
  [[nodiscard]] const io::NetNamespace& middle() const { return middle_; }
  [[nodiscard]] const io::NetNamespace& server() const { return server_; }

 private:
  io::NetNamespace device_;
  io::NetNamespace middle_;
  io::NetNamespace server_;
};

}  // namespace rig::shaping
