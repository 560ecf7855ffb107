// Ports that go and come back: pseudo-terminals that hang up, and their links made anew.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <memory>

#include "base/rig_error.h"
#include "unit/console/fake_usb.h"
#include "unit/console/serial_consoles.h"

namespace rig::console {
namespace {

using SerialPorts = SerialConsoles;

TEST_F(SerialPorts, TellAHangUpAtOnceAndReturnUnderAnotherName) {
  const std::filesystem::path link = folder.path() / "by-path";
  auto board = std::make_unique<PseudoTerminal>();
  std::filesystem::create_symlink(board->node(), link);
  const auto console = open(link);
  board->say("writing sec");
  EXPECT_TRUE(loop.run_until([&] { return console->received() > 0; }, 10s));
  std::filesystem::remove(link);
  const Time pulled = io::now();
  board->unplug();
  EXPECT_TRUE(hears("writing sec|<vanished>|"));
  EXPECT_LT(told.at<Vanished>(1).at - pulled, 1s);
  EXPECT_FALSE(console->present());
  EXPECT_THROW(console->write(base::bytes_of("x")), base::RigError);
  loop.run_for(30ms);

  board = std::make_unique<PseudoTerminal>();
  board->say("early boot\n");
  std::filesystem::create_symlink(board->node(), link);
  EXPECT_TRUE(hears("writing sec|<vanished>|<returned>|early boot|"));
  EXPECT_EQ(told.at<Returned>(2).where, board->node());
  EXPECT_TRUE(console->present());
  EXPECT_TRUE(logs("writing secearly boot\n"));
}

TEST_F(SerialPorts, ReturnManyTimes) {
  const std::filesystem::path link = folder.path() / "by-path";
  std::unique_ptr<SerialConsole> console;
  std::string expected;
  for (int i = 0; i < 25; ++i) {
    PseudoTerminal board;
    std::filesystem::create_symlink(board.node(), link);
    if (!console) console = open(link);
    if (i > 0) expected += "<returned>|";
    expected += fmt::format("boot {}|<vanished>|", i);
    board.say(fmt::format("boot {}\n", i));
    EXPECT_TRUE(loop.run_until([&] { return told.text() + "<vanished>|" == expected; }, 10s));
    std::filesystem::remove(link);
    board.unplug();
    EXPECT_TRUE(hears(expected));
  }
}

TEST_F(SerialPorts, MayBeginBeforeTheirPortIsThere) {
  const std::filesystem::path link = folder.path() / "by-path";
  EXPECT_THROW(open(link), base::RigError);
  const auto console = open({.match = {.path = link}, .may_be_absent = true}, told);
  EXPECT_FALSE(console->present());
  loop.run_for(20ms);
  PseudoTerminal board;
  board.say("boot\n");
  std::filesystem::create_symlink(board.node(), link);
  EXPECT_TRUE(hears("<returned>|boot|"));
}

// The kernel gives a port another name when it comes back, and its old name to another device.
TEST_F(SerialPorts, FollowTheirDeviceAndNotItsName) {
  FakeUsb usb;
  PseudoTerminal before;
  PseudoTerminal after;
  PseudoTerminal other;
  usb.plug({.port = "1-1", .serial = "A", .tty = "ttyUSB0", .node = before.node()});
  const auto console = open({.match = {.usb_port = "1-1"}, .roots = usb.roots()}, told);
  usb.unplug("1-1", "ttyUSB0");
  before.unplug();
  EXPECT_TRUE(hears("<vanished>|"));
  usb.plug({.port = "1-2", .serial = "B", .tty = "ttyUSB0", .node = other.node()});
  loop.run_for(30ms);
  EXPECT_FALSE(console->present());
  usb.plug({.port = "1-1", .serial = "A", .tty = "ttyUSB1", .node = after.node()});
  after.say("hello\n");
  other.say("not me\n");
  EXPECT_TRUE(hears("<vanished>|<returned>|hello|"));
  EXPECT_EQ(told.at<Returned>(1).where, usb.dev("ttyUSB1"));
}

TEST_F(SerialPorts, TryAgainWhileTheirPortIsHeldBySomebodyElse) {
  const std::filesystem::path link = folder.path() / "by-path";
  auto board = std::make_unique<PseudoTerminal>();
  std::filesystem::create_symlink(board->node(), link);
  const auto console = open(link);
  std::filesystem::remove(link);
  board->unplug();
  EXPECT_TRUE(hears("<vanished>|"));

  board = std::make_unique<PseudoTerminal>();
  io::UniqueFd modem_manager(::open(board->node().c_str(), O_RDWR | O_NOCTTY));
  ASSERT_EQ(::flock(modem_manager.get(), LOCK_EX), 0);
  std::filesystem::create_symlink(board->node(), link);
  EXPECT_TRUE(loop.run_until([&] { return !console->why_absent().empty(); }, 10s));
  EXPECT_NE(console->why_absent().find("in use by"), std::string::npos) << console->why_absent();
  EXPECT_FALSE(console->present());
  modem_manager.reset();
  EXPECT_TRUE(hears("<vanished>|<returned>|"));
}

}  // namespace
}  // namespace rig::console
