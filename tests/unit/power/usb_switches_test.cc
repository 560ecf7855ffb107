// From an address to a working switch: a sysfs tree in a folder, its tty nodes pseudo terminals.

#include "power/usb_switches.h"

#include <gtest/gtest.h>

#include <fstream>

#include "expect_fault.h"
#include "power/clock.h"
#include "power/usb_tree.h"
#include "power/worker.h"
#include "pty_board.h"
#include "soon.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// An LCUS board with one relay that never answers a status request.
struct MuteBoard {
  std::atomic<int> frames{0};
  std::string take(base::ByteView bytes) {
    if (bytes.size() >= 4 && bytes[0] == 0xA0) ++frames;
    return {};
  }
};

class KernelTree : public testing::Test {
 protected:
  KernelTree() {
    fs::remove_all(root_);
    fs::create_directories(roots_.dev);
  }
  ~KernelTree() override { fs::remove_all(root_); }

  [[nodiscard]] fs::path devices() const { return roots_.sysfs / "bus/usb/devices"; }

  void put(const fs::path& below, const std::string& text) const {
    fs::create_directories((devices() / below).parent_path());
    std::ofstream(devices() / below) << text << "\n";
  }
  void plug(const std::string& port, const std::string& tty, const std::string& pty) const {
    put(port + "/idVendor", "1a86");
    put(port + "/idProduct", "7523");
    fs::create_directories(devices() / port / (port + ":1.0") / tty);
    fs::create_symlink(pty, roots_.dev / tty);
  }
  void unplug(const std::string& port, const std::string& tty) const {
    fs::remove_all(devices() / port);
    fs::remove(roots_.dev / tty);
  }
  [[nodiscard]] OpenedSwitch open(const std::string& port) const {
    return open_lcus({.address = {.port_path = port, .serial = {}}, .channels = 1, .roots = roots_},
                     LcusRelay::Status::silent);
  }

  fs::path root_{fs::temp_directory_path() / ("otarig-kernel-" + std::to_string(getpid()))};
  KernelRoots roots_{.sysfs = root_ / "sys", .dev = root_ / "dev"};
};

TEST_F(KernelTree, LeadsFromAPortPathToAWorkingRelay) {
  MuteBoard board;
  const PtyBoard port([&](base::ByteView bytes) { return board.take(bytes); });
  plug("1-1.4", "ttyUSB7", port.path());
  const OpenedSwitch relay = open("1-1.4");
  EXPECT_EQ(relay->traits().name, "LCUS relay at USB 1-1.4");
  static_cast<void>(relay->set(Channel{1}, Level::on, soon()));
  const Moment limit = soon();
  while (board.frames == 0 && now() < limit) std::this_thread::yield();
  EXPECT_EQ(board.frames, 1);
}

// It comes back as another node while the old one is still open: the address finds it.
TEST_F(KernelTree, FindsABoardThatComesBackUnderAnotherName) {
  MuteBoard board;
  const auto take = [&](base::ByteView bytes) { return board.take(bytes); };
  PtyBoard before(take);
  plug("1-1.4", "ttyUSB0", before.path());
  Worker worker("relay", [this](Moment) { return open("1-1.4"); });
  const auto switch_on = [&] {
    const Change change{Channel{1}, Level::on};
    auto pending =
        worker.submit({.what = SetOrder{.change = change, .verify = true}, .deadline = soon()});
    return result_of(pending, soon());
  };
  ASSERT_EQ(switch_on().failure(), nullptr);
  before.vanish();
  unplug("1-1.4", "ttyUSB0");
  EXPECT_EQ(switch_on().failure()->fault, Fault::vanished);
  EXPECT_EQ(switch_on().failure()->fault, Fault::absent);
  const PtyBoard after(take);
  plug("1-1.4", "ttyUSB1", after.path());
  EXPECT_EQ(switch_on().failure(), nullptr);
}

TEST_F(KernelTree, WithoutTheDriversNodeIsAbsent) {
  put("1-1.4/idVendor", "1a86");
  put("1-1.4/idProduct", "7523");
  expect_fault(Fault::absent, [&] { static_cast<void>(open("1-1.4")); });
}

// Its ports are not searched: hundreds of folders, at every opening of a switch.
TEST_F(KernelTree, HasNoNodesBelowAHub) {
  put("1-1/idVendor", "0409");
  put("1-1/idProduct", "55aa");
  put("1-1/1-1:1.0/1-1-port1/ttyUSB3/dev", "188:3");
  ASSERT_EQ(plugged_in(roots_.sysfs).size(), 1U);
  EXPECT_EQ(plugged_in(roots_.sysfs).front().nodes.size(), 1U);
  put("1-1/bDeviceClass", "09");
  EXPECT_TRUE(plugged_in(roots_.sysfs).front().nodes.empty());
}

TEST_F(KernelTree, RefusesADebugProbeAtTheRelaysPort) {
  put("1-1.4/idVendor", "0483");
  put("1-1.4/idProduct", "374b");
  expect_fault(Fault::wrong_device, [&] { static_cast<void>(open("1-1.4")); });
}

TEST_F(KernelTree, HoldsNoBoardOfOtherProducts) {
  expect_fault(Fault::absent, [&] { static_cast<void>(open_hid_relay({}, soon(), roots_)); });
  expect_fault(Fault::absent, [&] { static_cast<void>(open_ykush({}, roots_)); });
  expect_fault(Fault::absent, [&] {
    static_cast<void>(open_numato({.address = {}, .channels = 8, .roots = roots_}));
  });
  expect_fault(Fault::absent, [&] {
    static_cast<void>(open_usb_rly({.address = {}, .channels = 8, .roots = roots_}));
  });
  expect_fault(Fault::absent, [&] {
    static_cast<void>(open_hub_port({"1-1", Channel{2}}, soon(), roots_));
  });
}

TEST_F(KernelTree, KnowsTheOtherHalfOfASocket) {
  const fs::path usb2 = port_folder({"1-1", Channel{2}}, roots_.sysfs);
  fs::create_directories(usb2);
  EXPECT_EQ(halves_of({"1-1", Channel{2}}, roots_.sysfs).size(), 1U);
  fs::create_symlink("../../../2-1/2-1:1.0/2-1-port13", usb2 / "peer");
  const auto halves = halves_of({"1-1", Channel{2}}, roots_.sysfs);
  ASSERT_EQ(halves.size(), 2U);
  EXPECT_EQ(halves[1].hub, "2-1");
  EXPECT_EQ(halves[1].port, Channel{13});
}

UsbCandidate device(std::uint16_t vendor, std::uint16_t product, const std::string& text = {}) {
  UsbCandidate candidate;
  candidate.vendor_id = vendor;
  candidate.product_id = product;
  candidate.product = text;
  return candidate;
}

TEST(RecognisedSwitches, AreKnownByTheirIds) {
  using Kind = RecognisedSwitch::Kind;
  EXPECT_EQ(recognised(device(0x16C0, 0x05DF, "USBRelay4")),
            (RecognisedSwitch{Kind::hid_relay, true, 4}));
  EXPECT_EQ(recognised(device(0x1A86, 0x7523)), (RecognisedSwitch{Kind::lcus, false, {}}));
  EXPECT_EQ(recognised(device(0x2A19, 0x0C05)), (RecognisedSwitch{Kind::numato, true, {}}));
  EXPECT_EQ(recognised(device(0x04D8, 0xFFEE)), (RecognisedSwitch{Kind::usb_rly, true, {}}));
  EXPECT_EQ(recognised(device(0x04D8, 0xF2F7)), (RecognisedSwitch{Kind::ykush, true, 3}));
  EXPECT_FALSE(recognised(device(0x0403, 0x6001)));
  EXPECT_FALSE(recognised(device(0x16C0, 0x05DF, "Teensy")));  // ids that many projects share
}

TEST_F(KernelTree, ListsSocketsOnceThatCanBeSwitched) {
  for (const char* port : {"1-1/1-1:1.0/1-1-port1", "1-1/1-1:1.0/1-1-port2",
                           "2-1/2-1:1.0/2-1-port1", "usb1/1-0:1.0/usb1-port3"}) {
    put(std::string(port) + "/disable", "0");
  }
  fs::create_directories(devices() / "1-1/1-1:1.0/1-1-port4");  // the kernel has no switch for it
  fs::create_symlink("../../../1-1/1-1:1.0/1-1-port1", devices() / "2-1/2-1:1.0/2-1-port1/peer");
  fs::create_symlink("../../../2-1/2-1:1.0/2-1-port1", devices() / "1-1/1-1:1.0/1-1-port1/peer");
  std::string text;
  for (const HubSocket& each : switchable_sockets(roots_.sysfs)) {
    text += (each.hub.starts_with("2-1") ? "1-1" : each.hub) + "." +
            std::to_string(each.port.number) + " ";
  }
  EXPECT_EQ(text, "1-1.1 1-1.2 usb1.3 ");
  EXPECT_TRUE(switchable_sockets("/nowhere").empty());
}

}  // namespace
}  // namespace rig::power
