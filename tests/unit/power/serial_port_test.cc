#include "power/serial_port.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <termios.h>

#include "expect_fault.h"
#include "power/clock.h"
#include "pty_board.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

std::string nothing(base::ByteView /*bytes*/) { return {}; }

TEST(SerialPort, ThatIsNotThereIsAbsent) {
  expect_fault(Fault::absent,
               [] { static_cast<void>(open_serial_port("/dev/ttyUSB-none", 9600)); });
}

TEST(SerialPort, IsNoFileAndNoOtherDevice) {
  expect_fault(Fault::wrong_device,
               [] { static_cast<void>(open_serial_port("/etc/hostname", 9600)); });
  expect_fault(Fault::wrong_device, [] { static_cast<void>(open_serial_port("/dev/null", 9600)); });
}

TEST(SerialPort, IsRawAndNotOurControllingTerminal) {
  const PtyBoard board(nothing);
  const base::UniqueFd fd = open_serial_port(board.path(), 9600);
  termios settings{};
  ASSERT_EQ(tcgetattr(fd.get(), &settings), 0);
  EXPECT_EQ(settings.c_lflag & (ICANON | ECHO | ISIG), 0U);
  EXPECT_EQ(settings.c_oflag & OPOST, 0U);
}

TEST(SerialPort, IsOursAlone) {
  const PtyBoard board(nothing);
  const base::UniqueFd fd = open_serial_port(board.path(), 9600);
  expect_fault(Fault::busy, [&] { static_cast<void>(open_serial_port(board.path(), 9600)); });
}

TEST(SerialPort, CanBeOpenedAgainAfterwards) {
  const PtyBoard board(nothing);
  open_serial_port(board.path(), 9600).reset();
  EXPECT_TRUE(static_cast<bool>(open_serial_port(board.path(), 9600)));
}

TEST(Stream, ReadsWhatCameBeforeTheHangUpThenFails) {
  PtyBoard board(nothing);
  Stream port = board.open(9600);
  board.say("last words");
  EXPECT_EQ(base::as_text(port.read_exactly(10, now() + 1s)), "last words");
  board.vanish();
  expect_fault(Fault::vanished, [&] { static_cast<void>(port.read_some(now() + 1s)); });
  expect_fault(Fault::vanished, [&] { port.write(base::Bytes{1}, now() + 1s); });
  expect_fault(Fault::vanished, [&] { port.wait_until(now() + 1s); });
}

TEST(Stream, OfASilentBoardReadsNothingUntilTheDeadline) {
  const PtyBoard board(nothing);
  Stream port = board.open(9600);
  const Moment before = now();
  EXPECT_TRUE(port.read_some(before + 30ms).empty());
  EXPECT_GE(now() - before, 29ms);
}

TEST(Stream, StopsReadingAnEndlessLine) {
  PtyBoard board(nothing);
  Stream port = board.open(9600);
  board.say(std::string(2000, 'x'));
  expect_fault(Fault::garbled, [&] { static_cast<void>(port.read_until('>', now() + 1s, 1000)); });
}

TEST(Stream, IsNotHeldUpByABoardThatNeverStopsTalking) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const base::UniqueFd board(ends[0]);
  const base::Bytes flood(100 * 1024, 'x');
  ASSERT_EQ(write(board.get(), flood.data(), flood.size()), std::ssize(flood));
  Stream stream(base::UniqueFd(ends[1]), "flood");
  expect_fault(Fault::garbled, [&] { stream.discard_input(); });
}

TEST(Stream, OfAPortThatTakesNothingGivesUpAtTheDeadline) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const base::UniqueFd unread(ends[0]);
  Stream stream(base::UniqueFd(ends[1]), "pipe");
  expect_fault(Fault::no_answer, [&] { stream.write(base::Bytes(1 << 20, 0), now() + 30ms); });
}

}  // namespace
}  // namespace rig::power
