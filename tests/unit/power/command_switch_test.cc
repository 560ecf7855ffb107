#include "power/command_switch.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "expect_fault.h"
#include "power/child.h"
#include "power/clock.h"
#include "power/verify.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

TEST(RunProgram, GivesStatusAndBothOutputs) {
  const Finished finished = run_program({"sh", "-c", "echo out; echo err >&2; exit 3"}, soon());
  EXPECT_EQ(finished.status, 3);
  EXPECT_NE(finished.output.find("out\n"), std::string::npos);
  EXPECT_NE(finished.output.find("err\n"), std::string::npos);
  EXPECT_FALSE(finished.timed_out);
}

TEST(RunProgram, PassesArgumentsThroughNoShell) {
  const Finished finished = run_program({"echo", "$HOME; rm *", "a  b"}, soon());
  EXPECT_EQ(finished.output, "$HOME; rm * a  b\n");
}

TEST(RunProgram, HasNoInput) { EXPECT_EQ(run_program({"cat"}, soon()).output, ""); }

TEST(RunProgram, ThatIsNotThereIsAbsent) {
  expect_fault(Fault::absent,
               [] { static_cast<void>(run_program({"otarig-no-such-program"}, soon())); });
}

TEST(RunProgram, ThatMayNotBeRunIsNoPermission) {
  const fs::path file = fs::temp_directory_path() / ("otarig-text-" + std::to_string(getpid()));
  std::ofstream(file) << "text";
  expect_fault(Fault::no_permission, [&] { static_cast<void>(run_program({file}, soon())); });
  fs::permissions(file, fs::perms::owner_all);
  expect_fault(Fault::refused, [&] { static_cast<void>(run_program({file}, soon())); });
  fs::remove(file);
}

TEST(RunProgram, ThatIsKilledTellsTheSignal) {
  EXPECT_EQ(run_program({"sh", "-c", "kill -9 $$"}, soon()).status, 128 + SIGKILL);
}

TEST(RunProgram, EndsAtTheDeadlineWithAllItStarted) {
  const Moment before = now();
  const Finished finished = run_program({"sh", "-c", "sleep 100 & echo $!; wait"}, before + 200ms);
  EXPECT_TRUE(finished.timed_out);
  EXPECT_LT(now() - before, 5s);
  const pid_t grandchild = std::stoi(finished.output);
  const Moment limit = soon();
  while (fs::exists("/proc/" + std::to_string(grandchild) + "/exe") && now() < limit) {
  }
  EXPECT_FALSE(fs::exists("/proc/" + std::to_string(grandchild) + "/exe"));
}

// A program that leaves a child behind which holds the output open must not hold up the rig.
TEST(RunProgram, DoesNotWaitForWhatItsProgramLeftBehind) {
  const Moment before = now();
  const Finished finished = run_program({"sh", "-c", "sleep 100 & echo done"}, soon());
  EXPECT_EQ(finished.output, "done\n");
  EXPECT_FALSE(finished.timed_out);
  EXPECT_LT(now() - before, 5s);
}

TEST(RunProgram, KeepsTheFirst64KibOfEndlessOutput) {
  const Finished finished = run_program({"yes"}, now() + 200ms);
  EXPECT_TRUE(finished.timed_out);
  EXPECT_EQ(finished.output.size(), 64U * 1024U);
}

class Outlet : public testing::Test {
 protected:
  Outlet() { fs::create_directories(folder_); }
  ~Outlet() override { fs::remove_all(folder_); }

  CommandSwitch opened(const std::string& state_script) {
    const std::string file = (folder_ / "outlet{channel}").string();
    return {{.name = "outlet", .channels = 2},
            {.on = {"sh", "-c", "echo on > " + file},
             .off = {"sh", "-c", "echo off > " + file},
             .state = state_script.empty()
                          ? std::vector<std::string>{}
                          : std::vector<std::string>{"sh", "-c", state_script + " " + file}}};
  }

  fs::path folder_{fs::temp_directory_path() / ("otarig-outlet-" + std::to_string(getpid()))};
};

TEST_F(Outlet, SwitchesAndReadsBack) {
  CommandSwitch outlet = opened("cat");
  static_cast<void>(outlet.set(Channel{1}, Level::off, soon()));
  static_cast<void>(outlet.set(Channel{2}, Level::off, soon()));
  const Verified done = set_and_verify(outlet, {Channel{2}, Level::on}, soon());
  EXPECT_EQ(done.after->bits(), 0b100U);
}

TEST_F(Outlet, WithoutAStateProgramKnowsNothing) {
  CommandSwitch outlet = opened("");
  EXPECT_FALSE(outlet.traits().reads_back);
  EXPECT_FALSE(set_and_verify(outlet, {Channel{1}, Level::on}, soon()).after);
}

TEST_F(Outlet, ThatDoesNothingIsStuck) {
  CommandSwitch outlet = opened("echo OFF #");
  expect_fault(Fault::stuck, [&] {
    static_cast<void>(set_and_verify(outlet, {Channel{1}, Level::on}, soon()));
  });
}

TEST_F(Outlet, ThatSaysSomethingElseIsGarbled) {
  CommandSwitch outlet = opened("echo maybe #");
  expect_fault(Fault::garbled, [&] { static_cast<void>(outlet.read_back(soon())); });
}

TEST_F(Outlet, ThatFailsHasRefusedAndItsWordsAreKept) {
  CommandSwitch outlet(
      {.name = "outlet"},
      {.on = {"sh", "-c", "echo no such outlet; exit 2"}, .off = {"false"}, .state = {}});
  try {
    static_cast<void>(outlet.set(Channel{1}, Level::on, soon()));
    ADD_FAILURE();
  } catch (const SwitchError& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    EXPECT_NE(std::string(error.what()).find("exit status 2"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("no such outlet"), std::string::npos);
  }
}

TEST_F(Outlet, ThatHangsDoesNotAnswer) {
  CommandSwitch outlet({.name = "outlet"}, {.on = {"sleep", "100"}, .off = {"true"}, .state = {}});
  expect_fault(Fault::no_answer,
               [&] { static_cast<void>(outlet.set(Channel{1}, Level::on, now() + 100ms)); });
}

TEST(CommandSwitch, NeedsPrograms) {
  EXPECT_FALSE(usage_error([] {
                 const CommandSwitch outlet({.name = "outlet"},
                                            {.on = {}, .off = {"true"}, .state = {}});
               }).empty());
}

TEST(CommandSwitch, PutsTheChannelIntoItsArguments) {
  EXPECT_EQ(arguments_for({"pdu", "port={channel}", "{channel}{channel}"}, Channel{7}),
            (std::vector<std::string>{"pdu", "port=7", "77"}));
}

TEST(CommandSwitch, ReadsTheLastWord) {
  EXPECT_EQ(parse_state_output("Port 1: power On\n"), Level::on);
  EXPECT_EQ(parse_state_output("0\r\n"), Level::off);
  EXPECT_FALSE(parse_state_output(" \n"));
  EXPECT_FALSE(parse_state_output("off."));
}

}  // namespace
}  // namespace rig::power
