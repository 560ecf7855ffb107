// A port that went away before the loop has heard of it.

#include <gtest/gtest.h>

#include "console/serial_port.h"
#include "unit/console/pseudo_terminal.h"

namespace rig::console {
namespace {

TEST(SerialPortHungUp, OnlyWhenItsDeviceIsGone) {
  PseudoTerminal device;
  const SerialPort port(device.node(), {});
  EXPECT_FALSE(port.hung_up());
  device.say("still here\n");
  EXPECT_FALSE(port.hung_up());
  device.unplug();
  EXPECT_TRUE(port.hung_up());
}

}  // namespace
}  // namespace rig::console
