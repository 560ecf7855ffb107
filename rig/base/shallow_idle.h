// Processors that answer at once although they have nothing to do. The deeper an idle processor
// sleeps, the later its next interrupt runs; in a virtual machine a halted one waits until its host
// gives it a turn again, which is where most of a cut's lateness comes from.
#pragma once

#include "base/unique_fd.h"

namespace rig::base {

// As long as it lives, no processor of this machine goes into an idle state that takes longer to
// leave than allowed (Linux, Documentation/power/pm_qos_interface.rst, "CPU latency QoS"; the
// kernel takes the request back when its file is closed, so also when this process is killed). It
// costs power and heat, not other programs' time: only what a cut waits for is worth it.
class ShallowIdle {
 public:
  // Asks for it. Whether it is granted: /dev/cpu_dma_latency takes root, or the group that the
  // shipped udev rules give it to.
  ShallowIdle();

  [[nodiscard]] bool granted() const { return static_cast<bool>(request_); }

 private:
  UniqueFd request_;
};

}  // namespace rig::base
