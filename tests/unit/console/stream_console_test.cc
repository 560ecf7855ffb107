// Consoles over pipes and sockets, and over the standard streams of real processes.

#include "console/stream_console.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/rig_error.h"
#include "console/process_console.h"
#include "unit/console/told.h"

namespace rig::console {
namespace {

using namespace std::chrono_literals;

class StreamConsoles : public testing::Test {
 protected:
  bool hears(const std::string& text) {
    return loop.run_until([&] { return told.text() == text; }, 10s);
  }
  Console::Listener listener() {
    return [this](const Event& event) { told(event); };
  }

  io::Loop loop;
  Told told;
};

TEST_F(StreamConsoles, OutliveWhatIsAttached) {
  StreamConsole console(loop, {.name = "qemu"});
  console.listen(listener());
  EXPECT_FALSE(console.present());
  EXPECT_THROW(console.write(base::bytes_of("x")), base::RigError);
  for (int life = 0; life < 3; ++life) {
    told.events.clear();
    io::SocketPair pair = io::make_socket_pair();
    console.attach({.in = std::move(pair.ours), .out = {}}, "life");
    ASSERT_EQ(::write(pair.theirs.get(), "boot\nhal", 8), 8);
    const std::string first = life > 0 ? "<returned>|boot|" : "boot|";
    EXPECT_TRUE(hears(first));
    console.write(base::bytes_of("ping"));
    char text[8]{};
    EXPECT_EQ(::read(pair.theirs.get(), text, sizeof text), 4);
    pair.theirs.reset();
    EXPECT_TRUE(hears(first + "hal|<vanished>|"));
  }
}

TEST_F(StreamConsoles, ReadToTheEndBeforeTheyLetGo) {
  StreamConsole console(loop, {.name = "qemu"});
  console.listen(listener());
  io::Pipe pipe = io::make_pipe();
  console.attach({.in = std::move(pipe.read), .out = {}}, "");
  ASSERT_EQ(::write(pipe.write.get(), "last words\n", 11), 11);
  console.detach("killed");
  EXPECT_EQ(told.text(), "last words|<vanished>|");
  EXPECT_EQ(told.at<Vanished>(1).reason, "killed");
  EXPECT_FALSE(console.present());
}

TEST_F(StreamConsoles, ReplaceWhatWasAttached) {
  StreamConsole console(loop, {.name = "qemu"});
  console.listen(listener());
  io::SocketPair first = io::make_socket_pair();
  io::SocketPair second = io::make_socket_pair();
  console.attach({.in = std::move(first.ours), .out = {}}, "");
  console.attach({.in = std::move(second.ours), .out = {}}, "process 2");
  ASSERT_EQ(::write(second.theirs.get(), "two\n", 4), 4);
  EXPECT_TRUE(hears("<vanished>|<returned>|two|"));
}

TEST_F(StreamConsoles, DoNotWriteToAReleasedBoard) {
  StreamConsole console(loop, {.name = "qemu"});
  io::SocketPair pair = io::make_socket_pair();
  console.attach({.in = std::move(pair.ours), .out = {}}, "");
  console.release_board(true);
  EXPECT_THROW(console.write(base::bytes_of("x")), base::RigError);
}

TEST_F(StreamConsoles, MayBeAProcess) {
  ProcessConsole console(loop, {.name = "shell"},
                         {.command = {.argv = {"sh", "-c", "echo ready; read x; echo got $x"}},
                          .start_again_after = std::nullopt});
  console.listen(listener());
  EXPECT_TRUE(hears("ready|"));
  console.write(base::bytes_of("this\n"));
  EXPECT_TRUE(hears("ready|got this|<vanished>|"));
  EXPECT_FALSE(console.present());
}

TEST_F(StreamConsoles, StartTheirProcessAgain) {
  ProcessConsole console(
      loop, {.name = "shell"},
      {.command = {.argv = {"sh", "-c", "echo boot; read x"}}, .start_again_after = 10ms});
  console.listen(listener());
  EXPECT_TRUE(hears("boot|"));
  console.write(base::bytes_of("end\n"));
  EXPECT_TRUE(loop.run_until([&] { return told.text().ends_with("<returned>|boot|"); }, 10s));
}

TEST_F(StreamConsoles, TellWhatTheirProcessComplainsOf) {
  ProcessConsole console(loop, {.name = "shell"},
                         {.command = {.argv = {"sh", "-c", "echo no route to host >&2; read x"}},
                          .start_again_after = std::nullopt});
  console.listen(listener());
  EXPECT_TRUE(hears("<no route to host>|"));
}

TEST_F(StreamConsoles, OfAProgramThatIsNotThereAreRefused) {
  EXPECT_THROW(ProcessConsole(loop, {.name = "x"}, {.command = {.argv = {"no-such-program"}}}),
               base::RigError);
}

}  // namespace
}  // namespace rig::console
