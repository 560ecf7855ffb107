// OpenOCD as the probe: the real one without an adapter, and a program that only says it is one and
// whose Tcl server is the test.

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "probe/openocd_probe.h"
#include "scripted_server.h"

namespace rig::probe {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class Probes : public testing::Test {
 protected:
  Probes() {
    fs::create_directories(folder);
    settings.board = "tracker";
  }
  ~Probes() override { fs::remove_all(folder); }

  void make() {
    probe.emplace(
        loop, settings,
        Probe::Handlers{.failed = [this](const base::RigError& error) { failure = error; },
                        .log = [this](const std::string& line) { log.push_back(line); }});
  }
  void until(const std::function<bool()>& done) {
    ASSERT_TRUE(loop.run_until([&] { return done() || failure; }, 30s));
    ASSERT_FALSE(failure) << failure->what();
  }
  void take() {
    if (!probe) make();
    probe->take([this](const Identity& id) { identity = id; });
    until([&] { return identity.has_value(); });
  }
  void expect_failure(std::errc code, const std::string& part) {
    ASSERT_TRUE(loop.run_until([&] { return failure.has_value(); }, 30s));
    EXPECT_EQ(failure->code(), code) << failure->what();
    EXPECT_NE(std::string(failure->what()).find(part), std::string::npos) << failure->what();
    EXPECT_NE(std::string(failure->what()).find("board tracker"), std::string::npos);
    EXPECT_FALSE(probe->taken());
  }
  [[nodiscard]] bool logged(const std::string& part) const {
    return std::ranges::any_of(
        log, [&](const std::string& line) { return line.find(part) != std::string::npos; });
  }

  fs::path folder = fs::temp_directory_path() / ("otarig-probe-" + std::to_string(::getpid()));
  io::Loop loop;
  OpenocdSettings settings;
  std::optional<OpenocdProbe> probe;
  std::optional<Identity> identity;
  std::optional<base::RigError> failure;
  std::vector<std::string> log;
};

// --- the real one ---

class RealOpenocd : public Probes {
 protected:
  RealOpenocd() {
    settings.config = {"chip.cfg"};
    settings.folder = folder.string();
    std::ofstream(folder / "chip.cfg")
        << "adapter driver dummy\n"
           "transport select jtag\n"
           "jtag newtap chip cpu -irlen 4\n"
           "target create chip.cpu testee -chain-position chip.cpu\n";
  }
  // Its process, found by what it works in: nobody else is started in this folder.
  pid_t pid() const {
    for (const auto& entry : fs::directory_iterator("/proc")) {
      std::error_code error;
      if (fs::read_symlink(entry.path() / "cwd", error) == folder) {
        return static_cast<pid_t>(std::stoi(entry.path().filename()));
      }
    }
    return -1;
  }
};

TEST_F(RealOpenocd, TakesABoardAndLetsGoOfIt) {
  settings.expected.target = "chip.cpu";
  take();
  EXPECT_EQ(identity->target, "chip.cpu");
  EXPECT_TRUE(probe->taken());
  EXPECT_TRUE(logged("Open On-Chip Debugger"));
  const pid_t child = pid();
  EXPECT_GT(child, 0);
  bool halted = false;
  probe->halt({});
  probe->reset(Probe::After::halt, [&] { halted = true; });
  until([&] { return halted; });

  bool released = false;
  probe->release([&] { released = true; });
  until([&] { return released; });
  EXPECT_FALSE(probe->taken());
  EXPECT_EQ(pid(), -1);
  EXPECT_THROW(probe->halt({}), base::RigError);

  identity.reset();
  take();
  EXPECT_NE(pid(), child);
  probe.reset();
  EXPECT_EQ(pid(), -1);
}

TEST_F(RealOpenocd, RefusesAnotherTarget) {
  settings.expected = {.target = "chip.cpu", .idcode = 0x4BA00477, .cpuid = {}};
  make();
  bool taken = false;
  probe->take([&](const auto&) { taken = true; });
  expect_failure(std::errc::no_such_device, "expects chip.cpu, idcode 0x4ba00477, there is chip");
  EXPECT_FALSE(taken);
  EXPECT_EQ(pid(), -1);
}

TEST_F(RealOpenocd, SaysWhatIsWrongWithItsConfiguration) {
  settings.commands = {"target create"};
  make();
  probe->take({});
  expect_failure(std::errc::no_such_process, "ended: exit status 1");
}

TEST_F(RealOpenocd, ReportsWhyACommandFailed) {
  take();
  probe->read(0x08000000, 4, [](auto) {});
  expect_failure(std::errc::io_error, "doesn't support read_memory");
}

TEST_F(RealOpenocd, HasNoStubForATargetThatCannotBeDebugged) {
  take();
  EXPECT_THROW(static_cast<void>(probe->stub()), base::RigError);
}

TEST_F(RealOpenocd, IsARigErrorWhenKilled) {
  take();
  ::kill(pid(), SIGKILL);
  expect_failure(std::errc::no_such_process, "killed by signal 9");
}

TEST_F(RealOpenocd, IsARigErrorWhenItHangs) {
  settings.answer_within = 1s;
  take();
  ::kill(pid(), SIGSTOP);
  probe->halt({});
  expect_failure(std::errc::timed_out, "halt board tracker through openocd");
  EXPECT_EQ(pid(), -1);
}

TEST_F(RealOpenocd, MustBeThere) {
  settings.program = "/nowhere/openocd";
  make();
  EXPECT_THROW(probe->take({}), base::RigError);
}

// --- one that is played ---

class PlayedOpenocd : public Probes {
 protected:
  PlayedOpenocd() {
    settings.program = program("echo 'Listening on port " + port() +
                               " for gdb connections'\n"
                               "echo 'Info : Listening on port " +
                               port() + " for tcl connections'\n");
  }
  std::string port() const { return std::to_string(server.port()); }
  // A program that leaves its number, prints that and stays. The number first: who has read the
  // port may ask for the end at once, and an earlier program's number would end nobody.
  std::string program(const std::string& script) const {
    const fs::path file = folder / "played";
    std::ofstream(file) << "#!/bin/sh\n"
                        << "echo $$ >" << folder / "pid"
                        << "\n"
                        << script << "exec tail -f /dev/null\n";
    fs::permissions(file, fs::perms::owner_all);
    return file.string();
  }
  std::string answer(const std::string& piece) {
    std::string all;
    pending += piece;
    for (std::size_t end = 0; (end = pending.find(kTclEnd)) != pending.npos;) {
      const std::string request = pending.substr(0, end);
      pending.erase(0, end + 1);
      const std::size_t from = request.find("{", 9) + 1;
      commands.push_back(request.substr(from, request.rfind("} otarig_result") - from));
      all += reply_to(commands.back());
    }
    return all;
  }
  std::string reply_to(const std::string& command) {
    if (command == "shutdown") {
      pid_t child = -1;
      std::ifstream(folder / "pid") >> child;
      ::kill(child, SIGTERM);
      return "-600 \x1a";
    }
    for (const auto& [beginning, reply] : replies) {
      if (command.starts_with(beginning)) return reply.empty() ? "" : reply + kTclEnd;
    }
    return std::string("0 ") + kTclEnd;
  }

  std::vector<std::pair<std::string, std::string>> replies{
      {"target current", "0 stm32f2x.cpu"},
      {"if ", "0 0x2ba01477"},
      {"read_memory 0xE000ED00", "0 0x412fc230"}};
  std::string pending;
  std::vector<std::string> commands;
  ScriptedServer server{loop, [this](const std::string& piece) { return answer(piece); }};
};

TEST_F(PlayedOpenocd, IdentifiesTheChip) {
  settings.expected = {.target = {}, .idcode = 0x2BA01477, .cpuid = 0x412FC230};
  take();
  EXPECT_EQ(*identity, (Identity{"stm32f2x.cpu", 0x2BA01477, 0x412FC230}));
  EXPECT_EQ(probe->stub().port, server.port());
}

TEST_F(PlayedOpenocd, NamesBothChipsWhenTheyDiffer) {
  settings.expected.cpuid = 0x410FC241;
  make();
  probe->take({});
  expect_failure(std::errc::no_such_device,
                 "expects any target, cpuid 0x410fc241, there is stm32f2x.cpu, idcode 0x2ba01477, "
                 "cpuid 0x412fc230");
}

TEST_F(PlayedOpenocd, PlantsAnImage) {
  take();
  commands.clear();
  bool planted = false;
  plant(*probe, {.file = "/images/a {1}.bin", .address = 0x08000000}, [&] { planted = true; });
  until([&] { return planted; });
  EXPECT_EQ(commands,
            (std::vector<std::string>{
                "reset halt", "flash write_image erase \"/images/a \\{1\\}.bin\" 0x08000000 bin",
                "verify_image \"/images/a \\{1\\}.bin\" 0x08000000 bin"}));
}

TEST_F(PlayedOpenocd, ReadsErasesAndLetsRun) {
  std::string numbers;
  for (int i = 0; i < 1024; ++i)
    numbers += (i > 0 ? " 0x" : "0x") + std::string(i == 0 ? "ff" : "7");
  replies.push_back({"read_memory 0x20000000 8 1024", "0 " + numbers});
  replies.push_back({"read_memory 0x20000400 8 2", "0 0x8 0x9"});
  take();
  commands.clear();
  base::Bytes bytes;
  bool erased = false;
  probe->read(0x20000000, 1026, [&](base::Bytes read) { bytes = std::move(read); });
  probe->erase(0x08004000, 0x4000, {});
  probe->reset(Probe::After::run, [&] { erased = true; });
  until([&] { return erased; });
  ASSERT_EQ(bytes.size(), 1026U);
  EXPECT_EQ(bytes[0], 0xFF);
  EXPECT_EQ(bytes[1025], 9);
  EXPECT_EQ(commands[2], "flash erase_address pad 0x08004000 0x4000");
  EXPECT_EQ(commands[3], "reset run");
}

TEST_F(PlayedOpenocd, SaysWhatCouldNotBeVerified) {
  replies.push_back({"verify_image", "-1 "});
  take();
  bool verified = false;
  probe->verify({.file = "/images/a.bin", .address = 0x08020000}, [&] { verified = true; });
  expect_failure(std::errc::io_error, "verify /images/a.bin at 0x08020000 of board tracker");
  EXPECT_FALSE(verified);
}

TEST_F(PlayedOpenocd, IsARigErrorWhenItAnswersGarbage) {
  replies.push_back({"halt", "Segmentation fault"});
  take();
  probe->halt({});
  expect_failure(std::errc::protocol_error, "'Segmentation fault'");
}

TEST_F(PlayedOpenocd, IsARigErrorWhenItReadsTooLittle) {
  replies.push_back({"read_memory 0x0 ", "0 0x1 0x2"});
  take();
  probe->read(0, 4, [](auto) { FAIL(); });
  expect_failure(std::errc::protocol_error, "'0x1 0x2'");
}

TEST_F(PlayedOpenocd, IsARigErrorWhenItPrintsGarbageAndNoPort) {
  settings.program = program("head -c 100000 /dev/urandom\n");
  settings.start_within = 500ms;
  make();
  probe->take({});
  expect_failure(std::errc::timed_out, "start board tracker");
}

TEST_F(PlayedOpenocd, IsARigErrorWhenItClosesItsServer) {
  take();
  server.die();
  expect_failure(std::errc::timed_out, "keep the Tcl connection");
}

TEST_F(PlayedOpenocd, MayBeDestroyedByItsCallbacks) {
  take();
  probe->halt([&] { probe.reset(); });
  until([&] { return !probe.has_value(); });
  identity.reset();
  take();
  probe->release([&] { probe.reset(); });
  until([&] { return !probe.has_value(); });
}

}  // namespace
}  // namespace rig::probe
