// Real children: how they end, what they print, what they leave behind.

#include "io/child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "base/rig_error.h"
#include "io/timer.h"
#include "io/unique_fd.h"

namespace rig::io {
namespace {

using namespace std::chrono_literals;

class Children : public testing::Test {
 protected:
  Outcome run(Command command) {
    std::optional<Outcome> outcome;
    Child child(loop, std::move(command),
                {.line = [this](Stream, const Line& line) { lines.push_back(line); },
                 .ended = [&](const Outcome& ended) { outcome = ended; }});
    EXPECT_TRUE(loop.run_until([&] { return outcome.has_value(); }, 20s));
    EXPECT_FALSE(child.running());
    return outcome.value_or(Outcome{.kind = Outcome::Kind::killed, .number = -1});
  }
  static Command shell(const std::string& script) { return {.argv = {"sh", "-c", script}}; }

  static std::string texts(const std::vector<Line>& from) {
    std::string all;
    for (const Line& line : from) all += line.text + "|";
    return all;
  }
  // A process that ended but is not waited for by its (new) parent counts as gone.
  static bool is_gone(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(stat, text)) return true;
    return text.substr(text.rfind(')') + 2, 1) == "Z";
  }
  bool goes(pid_t pid) {
    for (int i = 0; i < 500 && !is_gone(pid); ++i) loop.run_for(10ms);
    return is_gone(pid);
  }

  Loop loop;
  std::vector<Line> lines;
};

TEST_F(Children, ReportTheirExitStatus) {
  for (const int status : {0, 1, 77, 255}) {
    const Outcome outcome = run(shell("exit " + std::to_string(status)));
    EXPECT_EQ(outcome.kind, Outcome::Kind::exited);
    EXPECT_EQ(outcome.number, status);
    EXPECT_EQ(outcome.good(), status == 0);
    EXPECT_GE(outcome.ended, outcome.started);
  }
}

TEST_F(Children, ReportTheSignalThatKilledThem) {
  const Outcome outcome = run(shell("kill -SEGV $$"));
  EXPECT_EQ(outcome.kind, Outcome::Kind::killed);
  EXPECT_EQ(outcome.number, SIGSEGV);
  EXPECT_FALSE(outcome.good());
  EXPECT_EQ(to_text(outcome), "killed by signal 11");
}

TEST_F(Children, HandOverBothOutputsLineByLine) {
  const Outcome outcome = run(shell("echo one; echo two >&2; printf three"));
  EXPECT_EQ(texts(outcome.output), "one|three|");
  EXPECT_EQ(texts(outcome.errors), "two|");
  EXPECT_EQ(lines.size(), 3U);
  EXPECT_EQ(outcome.output.back().end, LineEnd::closed);
}

TEST_F(Children, GetTheirArgumentsWithoutAShell) {
  const Outcome outcome = run({.argv = {"printf", "%s\n", "$HOME", "a b", "'; exit 3", "*"}});
  EXPECT_EQ(texts(outcome.output), "$HOME|a b|'; exit 3|*|");
}

TEST_F(Children, GetTheirEnvironment) {
  Command command = shell("echo $COLOUR; echo ${HOME-none}");
  command.environment = {{"COLOUR", "blue"}, {"HOME", "/nowhere"}};
  EXPECT_EQ(texts(run(command).output), "blue|/nowhere|");
}

TEST_F(Children, GetNoOtherEnvironmentIfSo) {
  Command command{.argv = {"/usr/bin/env"}};
  command.environment = {{"ONLY", "this"}};
  command.only_this_environment = true;
  EXPECT_EQ(texts(run(command).output), "ONLY=this|");
}

TEST_F(Children, WorkInTheirFolder) {
  Command command{.argv = {"pwd"}};
  command.folder = "/usr/bin";
  EXPECT_EQ(texts(run(command).output), "/usr/bin|");
}

TEST_F(Children, ThatDoNotExistAreRefused) {
  EXPECT_THROW(run({.argv = {"no-such-program-anywhere"}}), base::RigError);
  EXPECT_THROW(run({.argv = {"/usr/bin/no-such-program"}}), base::RigError);
  EXPECT_THROW(run({.argv = {"/etc/hostname"}}), base::RigError);
  EXPECT_THROW(run({.argv = {}}), base::UsageError);
  Command nowhere{.argv = {"pwd"}};
  nowhere.folder = "/no/such/folder";
  EXPECT_THROW(run(nowhere), base::RigError);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);  // and leave no zombie
}

TEST_F(Children, ReadTheirInput) {
  Command command{.argv = {"cat"}};
  command.with_input = true;
  std::optional<Outcome> outcome;
  Child child(loop, command, {.line = {}, .ended = [&](const Outcome& ended) { outcome = ended; }});
  const std::string text(100'000, 'x');
  child.write(base::bytes_of(text + "\nend\n"));
  child.close_input();
  ASSERT_TRUE(loop.run_until([&] { return outcome.has_value(); }, 10s));
  EXPECT_EQ(outcome->output.back().text, "end");
  EXPECT_THROW(child.write(base::bytes_of("x")), base::RigError);
}

TEST_F(Children, WithoutInputReadItsEnd) { EXPECT_TRUE(run({.argv = {"cat"}}).good()); }

TEST_F(Children, AreEndedAfterTheirLimit) {
  Command command{.argv = {"sleep", "1000"}};
  command.limit = 50ms;
  const Outcome outcome = run(command);
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_FALSE(outcome.forced);
  EXPECT_EQ(outcome.number, SIGTERM);
  EXPECT_GE(outcome.ended - outcome.started, 50ms);
  EXPECT_EQ(to_text(outcome), "killed by signal 15 after its limit");
}

TEST_F(Children, ThatEndWellOnTheRequestAreStillTimedOut) {
  Command command = shell("trap 'exit 0' TERM; while :; do sleep 0.01; done");
  command.limit = 100ms;
  const Outcome outcome = run(command);
  EXPECT_EQ(outcome.kind, Outcome::Kind::exited);
  EXPECT_EQ(outcome.number, 0);
  EXPECT_FALSE(outcome.good());
}

TEST_F(Children, ThatIgnoreTheRequestAreKilled) {
  Command command = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done");
  command.limit = 300ms;
  command.grace = 100ms;
  const Outcome outcome = run(command);
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_TRUE(outcome.forced);
  EXPECT_EQ(outcome.number, SIGKILL);
  EXPECT_LT(outcome.ended - outcome.started, 5s);
}

TEST_F(Children, AreTimedOutWithTheirWholeGroup) {
  Command command = shell("sleep 1000 & echo $!; wait");
  command.limit = 200ms;
  const Outcome outcome = run(command);
  ASSERT_EQ(outcome.output.size(), 1U);
  EXPECT_TRUE(goes(std::stoi(outcome.output[0].text)));
}

TEST_F(Children, KeepNobodyWaitingByAGrandchildThatHoldsThePipe) {
  const Outcome outcome = run(shell("sleep 1000 & echo $!"));
  EXPECT_TRUE(outcome.good());
  EXPECT_LT(outcome.ended - outcome.started, 5s);
  EXPECT_TRUE(goes(std::stoi(outcome.output.at(0).text)));
}

TEST_F(Children, KeepNobodyWaitingByADaemonThatHoldsThePipe) {
  const Outcome outcome = run(shell("setsid sleep 1000 & echo $!; sleep 0.1"));
  EXPECT_TRUE(outcome.good());
  ::kill(std::stoi(outcome.output.at(0).text), SIGKILL);
}

TEST_F(Children, MayFloodTheirOutput) {
  Command command = shell("head -c 20000000 /dev/zero | tr '\\0' 'x' | fold -w 999; echo last >&2");
  std::uint64_t bytes = 0;
  std::optional<Outcome> outcome;
  Child child(loop, command,
              {.line = [&](Stream, const Line& line) { bytes += line.text.size(); },
               .ended = [&](const Outcome& ended) { outcome = ended; }});
  ASSERT_TRUE(loop.run_until([&] { return outcome.has_value(); }, 60s));
  EXPECT_EQ(bytes, 20'000'004U);
  EXPECT_LE(outcome->output.size(), 66U);
  EXPECT_GT(outcome->output_lines_dropped, 19'000U);
  EXPECT_EQ(texts(outcome->errors), "last|");
}

TEST_F(Children, AreKilledByTheirDestructor) {
  std::optional<Child> child;
  child.emplace(loop, shell("trap '' TERM; sleep 1000 & wait"), Child::Handlers{});
  const pid_t pid = child->pid();
  loop.run_for(50ms);
  child.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(Children, MayBeDestroyedByTheirOwnEnd) {
  std::optional<Child> child;
  child.emplace(loop, shell("exit 0"),
                Child::Handlers{.line = {}, .ended = [&](const Outcome&) { child.reset(); }});
  EXPECT_TRUE(loop.run_until([&] { return !child; }, 10s));
}

TEST_F(Children, EndOnRequest) {
  std::optional<Outcome> outcome;
  Child child(loop, {.argv = {"sleep", "1000"}},
              {.line = {}, .ended = [&](const Outcome& ended) { outcome = ended; }});
  child.terminate();
  ASSERT_TRUE(loop.run_until([&] { return outcome.has_value(); }, 10s));
  EXPECT_FALSE(outcome->timed_out);
  EXPECT_EQ(outcome->number, SIGTERM);
}

TEST_F(Children, InheritOnlyTheDescriptorsTheyAreGiven) {
  const UniqueFd leaky(::open("/dev/zero", O_RDONLY));  // not close-on-exec
  SocketPair pair = make_socket_pair();
  Command command{.argv = {"ls", "/proc/self/fd"}};
  command.descriptors = {{.ours = pair.theirs.get(), .theirs = 9}};
  // 0, 1, 2, the one we gave, and the folder that ls is reading
  EXPECT_EQ(texts(run(command).output), "0|1|2|3|9|");
}

TEST_F(Children, TalkThroughADescriptorTheyAreGiven) {
  SocketPair pair = make_socket_pair();
  Command command = shell("echo hello >&7");
  command.descriptors = {{.ours = pair.theirs.get(), .theirs = 7}};
  EXPECT_TRUE(run(command).good());
  char text[8]{};
  EXPECT_EQ(::read(pair.ours.get(), text, sizeof text), 6);
  EXPECT_STREQ(text, "hello\n");
}

TEST_F(Children, HaveNoSignalBlockedOrIgnored) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, &before);
  const Outcome outcome = run({.argv = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}});
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(texts(outcome.output), "SigBlk:\t0000000000000000|SigIgn:\t0000000000000000|");
}

// A rig that is killed: a process of its own with a loop and a child.
TEST_F(Children, DoNotOutliveTheRig) {
  Pipe pipe = make_pipe();
  const pid_t rig = ::fork();
  if (rig == 0) {
    Loop own;
    Child child(own, {.argv = {"sleep", "1000"}}, {});
    const pid_t pid = child.pid();
    (void)!::write(pipe.write.get(), &pid, sizeof pid);
    own.run_for(100s);
    ::_exit(0);
  }
  pid_t child = 0;
  for (int i = 0; i < 500 && child == 0; ++i) {
    if (::read(pipe.read.get(), &child, sizeof child) < 0) loop.run_for(10ms);
  }
  ASSERT_GT(child, 0);
  EXPECT_FALSE(is_gone(child));
  ::kill(rig, SIGKILL);
  ::waitpid(rig, nullptr, 0);
  EXPECT_TRUE(goes(child));
}

TEST_F(Children, LeaveNoDescriptorBehind) {
  const auto open_now = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  EXPECT_TRUE(run({.argv = {"true"}}).good());  // the loop's own are open from its first use on
  const auto before = open_now();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(run({.argv = {"true"}}).good());
  EXPECT_EQ(open_now(), before);
}

TEST(CommandText, IsWhatAPersonWouldType) {
  EXPECT_EQ(to_text(Command{.argv = {"openocd", "-c", "reset halt", "", "it's"}}),
            "openocd -c 'reset halt' '' 'it'\\''s'");
}

}  // namespace
}  // namespace rig::io
