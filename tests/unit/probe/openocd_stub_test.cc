// The real OpenOCD as probe and debugger stub. It drives the JTAG wires of an emulated debug port,
// behind which a QEMU machine runs firmware/counter.c; skipped where there is no OpenOCD.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "image/elf_symbols.h"
#include "io/child.h"
#include "probe/debug_stub.h"
#include "probe/openocd_probe.h"

namespace rig::probe {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr char kProgram[] = OTARIG_BUILD_DIR "/tests/probe/counter.elf";

Address in_counter(const std::string& symbol) {
  static const image::ElfSymbols kSymbols(kProgram);
  return kSymbols.at(symbol).address;
}

class OpenocdStub : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("openocd --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no openocd";
    char pattern[] = "/tmp/openocd-stub.XXXXXX";
    ASSERT_NE(::mkdtemp(pattern), nullptr);
    folder = pattern;
    write_config();
    qemu.emplace(
        loop,
        io::Command{.argv = {"qemu-system-arm", "-M", "netduino2", "-nodefaults", "-display",
                             "none", "-S", "-gdb", "unix:" + place("gdb") + ",server=on,wait=off",
                             "-kernel", kProgram}},
        io::Child::Handlers{});
    wait_for("gdb");
    port.emplace(
        loop, io::Command{.argv = {OTARIG_BUILD_DIR "/emulated_dap", place("jtag"), place("gdb")}},
        io::Child::Handlers{});
    wait_for("jtag");
    OpenocdSettings settings{.board = "tracker", .config = {place("target.cfg")}};
    settings.expected = {.target = {}, .idcode = 0x4BA00477, .cpuid = 0x410FC231};
    probe.emplace(loop, settings,
                  Probe::Handlers{.failed = [this](const auto& error) { failure = error; },
                                  .log = [this](const auto& line) { said += line + "\n"; }});
    take_and_attach();
  }
  void TearDown() override {
    stub.reset();
    probe.reset();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  [[nodiscard]] std::string place(const char* name) const { return folder / name; }
  void write_config() const {
    std::ofstream(place("target.cfg"))
        << "adapter driver remote_bitbang\nremote_bitbang port 0\nremote_bitbang host "
        << place("jtag")
        << "\nadapter speed 1000\n"
           "jtag newtap stm32f2x cpu -irlen 4 -expected-id 0x4ba00477\n"
           "dap create stm32f2x.dap -chain-position stm32f2x.cpu\n"
           "target create stm32f2x.cpu cortex_m -endian little -dap stm32f2x.dap\n";
  }
  void wait_for(const char* name) {
    for (int i = 0; i < 2000 && !fs::exists(place(name)); ++i) loop.run_for(10ms);
    ASSERT_TRUE(fs::exists(place(name))) << name;
  }
  void take_and_attach() {
    std::optional<Identity> found;
    probe->take([&](const Identity& identity) { found = identity; });
    until([&] { return found.has_value(); });
    EXPECT_EQ(found->target, "stm32f2x.cpu");
    bool attached = false;
    stub.emplace(loop, probe->stub(),
                 DebugStub::Handlers{.failed = [this](const auto& error) { failure = error; },
                                     .stopped = [this](const auto& at) { stop = at; }},
                 [&] { attached = true; });
    until([&] { return attached; });
  }
  void until(const std::function<bool()>& done) {
    ASSERT_TRUE(loop.run_until([&] { return done() || failure; }, 30s)) << said;
    ASSERT_FALSE(failure) << failure->what() << "\n" << said;
  }
  std::uint32_t ticks() {
    std::optional<base::Bytes> bytes;
    stub->read_memory(in_counter("ticks"), 4, [&](base::Bytes read) { bytes = std::move(read); });
    until([&] { return bytes.has_value(); });
    return base::read_le32(bytes.value_or(base::Bytes(4)), 0);
  }
  DebugStub::Hit run_to(const Trigger& trigger, std::uint64_t nth) {
    std::optional<DebugStub::Hit> hit;
    stub->arm(trigger, nth, [&](const auto& at) { hit = at; }, {});
    stub->resume({});
    until([&] { return hit.has_value(); });
    return hit.value_or(DebugStub::Hit{});
  }

  io::Loop loop;
  fs::path folder;
  std::optional<io::Child> qemu;
  std::optional<io::Child> port;
  std::optional<OpenocdProbe> probe;
  std::optional<DebugStub> stub;
  std::optional<base::RigError> failure;
  std::optional<DebugStub::Stop> stop;
  std::string said;
};

// QEMU waits with -S, so that the count below is of a program that has not begun; the debug port
// lets it run, as a board does that a probe is plugged into.
TEST_F(OpenocdStub, StopsBeforeTheInstructionOfTheNthHit) {
  const std::uint32_t before = ticks();
  const auto hit = run_to({.address = in_counter("tick")}, 20);
  EXPECT_EQ(hit.pc, in_counter("tick"));
  EXPECT_EQ(hit.hits, 20U);
  EXPECT_EQ(ticks() - before, 19U);  // the twentieth call has not counted yet
  EXPECT_EQ(run_to({.address = in_counter("tick")}, 1).hits, 1U);
  EXPECT_EQ(ticks() - before, 20U);
}

TEST_F(OpenocdStub, StopsBehindTheNthAccess) {
  const Trigger write{.kind = Trigger::Kind::write, .address = in_counter("ticks"), .length = 4};
  const std::uint32_t before = ticks();
  EXPECT_EQ(run_to(write, 7).hits, 7U);
  EXPECT_EQ(ticks() - before, 7U);  // a Cortex-M stops when the access is done
}

TEST_F(OpenocdStub, TellsOfABreakpointThatIsNotArmed) {
  stub->insert({.address = in_counter("tick")}, {});
  stub->resume({});
  until([&] { return stop.has_value(); });
  EXPECT_EQ(stop->pc, in_counter("tick"));
}

TEST_F(OpenocdStub, LetsGoOfATargetThatRunsOn) {
  run_to({.address = in_counter("tick")}, 3);
  bool detached = false;
  stub->detach([&] { detached = true; });
  until([&] { return detached; });
  bool runs = false;
  probe->resume([&] { runs = true; });
  until([&] { return runs; });
  probe->resume([&] { runs = false; });  // it runs already
  until([&] { return !runs; });
  const std::uint32_t at = in_counter("ticks");
  const auto read = [&] {
    std::optional<base::Bytes> bytes;
    probe->read(at, 4, [&](base::Bytes found) { bytes = std::move(found); });
    until([&] { return bytes.has_value(); });
    return base::read_le32(bytes.value_or(base::Bytes(4)), 0);
  };
  const std::uint32_t first = read();
  EXPECT_NE(read(), first);
}

// What a relay does to a probe's work: OpenOCD calls that a halt, of a target that it cannot reach.
TEST_F(OpenocdStub, IsNoHitWhenTheBoardLosesItsPowerWhileArmed) {
  bool hit = false;
  stub->arm({.address = 0x08000800}, 1, [&](const auto&) { hit = true; }, {});
  bool runs = false;
  stub->resume([&] { runs = true; });
  until([&] { return runs; });
  qemu->kill();
  ASSERT_TRUE(loop.run_until([&] { return stop || failure; }, 20s)) << said;
  EXPECT_FALSE(hit);
}

}  // namespace
}  // namespace rig::probe
