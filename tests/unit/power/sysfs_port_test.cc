#include "power/sysfs_port.h"

#include <gtest/gtest.h>

#include <fstream>

#include "expect_fault.h"
#include "power/clock.h"
#include "soon.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class SysfsTree : public testing::Test {
 protected:
  ~SysfsTree() override { fs::remove_all(root_); }

  fs::path make_port(const HubSocket& socket) const {
    const fs::path folder = port_folder(socket, root_);
    fs::create_directories(folder);
    std::ofstream(folder / "disable") << "0\n";
    return folder;
  }
  static std::string disabled(const fs::path& folder) {
    std::ifstream in(folder / "disable");
    std::string text;
    std::getline(in, text);
    return text;
  }

  fs::path root_{fs::temp_directory_path() / ("otarig-hub-" + std::to_string(getpid()))};
};

TEST_F(SysfsTree, NamesPortsAsTheKernelDoes) {
  EXPECT_EQ(port_folder({"1-1.2", Channel{3}}, "/sys"),
            "/sys/bus/usb/devices/1-1.2/1-1.2:1.0/1-1.2-port3");
  EXPECT_EQ(port_folder({"usb2", Channel{1}}, "/sys"),
            "/sys/bus/usb/devices/usb2/2-0:1.0/usb2-port1");
}

TEST_F(SysfsTree, SwitchesBothHalvesOfASocket) {
  const fs::path usb2 = make_port({"1-1", Channel{2}});
  const fs::path usb3 = make_port({"2-1", Channel{3}});
  fs::create_directory_symlink(usb3, usb2 / "peer");
  SysfsPort port({"1-1", Channel{2}}, root_);
  const Switched off = port.set(Channel{1}, Level::off, soon());
  EXPECT_LE(off.not_before, off.not_after);
  EXPECT_EQ(disabled(usb2) + disabled(usb3), "11");
  EXPECT_EQ(port.read_back(soon())->at(Channel{1}), Level::off);
  static_cast<void>(port.set(Channel{1}, Level::on, soon()));
  EXPECT_EQ(disabled(usb2) + disabled(usb3), "00");
}

TEST_F(SysfsTree, IsOnWhileOneHalfIs) {
  const fs::path usb2 = make_port({"1-1", Channel{2}});
  const fs::path usb3 = make_port({"2-1", Channel{3}});
  fs::create_directory_symlink(usb3, usb2 / "peer");
  SysfsPort port({"1-1", Channel{2}}, root_);
  std::ofstream(usb2 / "disable") << "1\n";
  EXPECT_EQ(port.read_back(soon())->at(Channel{1}), Level::on);
}

TEST_F(SysfsTree, WithoutThatPortIsAbsent) {
  expect_fault(Fault::absent, [&] { const SysfsPort port({"1-9", Channel{1}}, root_); });
}

TEST_F(SysfsTree, OfAHubThatWentAwayFails) {
  const fs::path folder = make_port({"1-1", Channel{2}});
  SysfsPort port({"1-1", Channel{2}}, root_);
  fs::remove_all(folder);
  expect_fault(Fault::absent, [&] { static_cast<void>(port.set(Channel{1}, Level::off, soon())); });
}

TEST_F(SysfsTree, ThatReadsGarbageIsGarbled) {
  const fs::path folder = make_port({"1-1", Channel{2}});
  SysfsPort port({"1-1", Channel{2}}, root_);
  std::ofstream(folder / "disable") << "?\n";
  expect_fault(Fault::garbled, [&] { static_cast<void>(port.read_back(soon())); });
}

TEST_F(SysfsTree, HasOneChannel) {
  make_port({"1-1", Channel{2}});
  SysfsPort port({"1-1", Channel{2}}, root_);
  EXPECT_FALSE(
      usage_error([&] { static_cast<void>(port.set(Channel{2}, Level::off, soon())); }).empty());
}

}  // namespace
}  // namespace rig::power
