// The debugger stub of a real QEMU: a netduino2 (Cortex-M3) that runs firmware/counter.c.

#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "image/elf_symbols.h"
#include "io/child.h"
#include "probe/debug_stub.h"
#include "scripted_server.h"

namespace rig::probe {
namespace {

using namespace std::chrono_literals;

Address address_of(const std::string& symbol) {
  static const image::ElfSymbols kSymbols(OTARIG_BUILD_DIR "/tests/probe/counter.elf");
  return kSymbols.at(symbol).address;
}

const Address kTicks = address_of("ticks");
const Address kTick = address_of("tick");
const Address kPattern = address_of("pattern");
const Address kLarge = address_of("large");
const Address kStart = address_of("start");

class QemuStub : public testing::Test {
 protected:
  void SetUp() override {
    // QEMU is handed a socket that listens already: no port is guessed, no start waited for.
    Listener listener = listen_on_loopback();
    constexpr int kTheirs = 3;
    io::Command command{.argv = {"qemu-system-arm", "-M", "netduino2", "-nodefaults", "-display",
                                 "none", "-S", "-chardev", "socket,id=gdb,fd=3,server=on,wait=off",
                                 "-gdb", "chardev:gdb", "-kernel",
                                 OTARIG_BUILD_DIR "/tests/probe/counter.elf"}};
    command.descriptors = {{.ours = listener.descriptor.get(), .theirs = kTheirs}};
    qemu.emplace(loop, std::move(command), io::Child::Handlers{});
    port = listener.port;
    connect(20s);
  }
  void connect(io::Duration answer_within) {
    stub.emplace(loop, StubPlace{.port = port, .answer_within = answer_within},
                 DebugStub::Handlers{.failed = [this](const auto& error) { failure = error; },
                                     .stopped = [this](const auto& at) { stop = at; }},
                 [this] { attached = true; });
    ASSERT_TRUE(loop.run_until([&] { return attached || failure; }, 30s));
    ASSERT_TRUE(attached) << failure->what();
  }
  void until(const std::function<bool()>& done) {
    ASSERT_TRUE(loop.run_until([&] { return done() || failure; }, 30s));
    ASSERT_FALSE(failure) << failure->what();
  }
  base::Bytes read(Address from, std::size_t length) {
    std::optional<base::Bytes> bytes;
    stub->read_memory(from, length, [&](base::Bytes found) { bytes = std::move(found); });
    until([&] { return bytes.has_value(); });
    return bytes.value_or(base::Bytes(length));
  }
  std::uint32_t ticks() { return base::read_le32(read(kTicks, 4), 0); }
  DebugStub::Hit run_to(const Trigger& trigger, std::uint64_t nth) {
    std::optional<DebugStub::Hit> hit;
    stub->arm(trigger, nth, [&](const auto& at) { hit = at; }, {});
    stub->resume({});
    until([&] { return hit.has_value(); });
    return hit.value_or(DebugStub::Hit{});
  }

  io::Loop loop;
  std::optional<io::Child> qemu;
  std::uint16_t port{};
  std::optional<DebugStub> stub;
  bool attached{false};
  std::optional<base::RigError> failure;
  std::optional<DebugStub::Stop> stop;
};

TEST_F(QemuStub, StopsBeforeTheInstructionOfTheNthHit) {
  const auto hit = run_to({.address = kTick}, 100);
  EXPECT_EQ(hit.pc, kTick);
  EXPECT_EQ(hit.hits, 100U);
  EXPECT_EQ(ticks(), 99U);  // the hundredth call has not counted yet
  EXPECT_EQ(run_to({.address = kTick}, 1).hits, 1U);
  EXPECT_EQ(ticks(), 100U);  // the hit where it stood was counted before
}

TEST_F(QemuStub, CountsTheFirstInstructionOfAll) {
  EXPECT_EQ(run_to({.address = kStart}, 1).pc, kStart);
  EXPECT_EQ(ticks(), 0U);
}

TEST_F(QemuStub, StopsBeforeTheNthAccess) {
  const Trigger write{.kind = Trigger::Kind::write, .address = kTicks, .length = 4};
  EXPECT_EQ(run_to(write, 7).hits, 7U);
  EXPECT_EQ(ticks(), 6U);
  const Trigger read{.kind = Trigger::Kind::read, .address = kTicks, .length = 4};
  EXPECT_EQ(run_to(read, 3).hits, 3U);
  EXPECT_EQ(ticks(), 9U);
}

TEST_F(QemuStub, CountsAnAccessByTheInstructionOfABreakpoint) {
  std::optional<DebugStub::Hit> hit;
  const auto first = run_to({.kind = Trigger::Kind::read, .address = kTicks}, 1);
  stub->insert({.address = first.pc}, {});
  stub->arm({.kind = Trigger::Kind::read, .address = kTicks}, 3, [&](const auto& at) { hit = at; },
            {});
  for (int stops = 0; !hit; stop.reset(), ++stops) {
    ASSERT_LT(stops, 10);
    stub->resume({});
    until([&] { return hit || stop; });
  }
  EXPECT_EQ(hit->pc, first.pc);
  EXPECT_EQ(ticks(), 2U);
}

TEST_F(QemuStub, ReadsAndWritesMemory) {
  const base::Bytes expected{0x44, 0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55};
  EXPECT_EQ(read(kPattern, 8), expected);
  base::Bytes large(8192);
  for (std::size_t at = 0; at < large.size(); ++at) large[at] = static_cast<std::uint8_t>(at * 7);
  bool written = false;
  stub->write_memory(kLarge, large, [&] { written = true; });
  until([&] { return written; });
  EXPECT_EQ(read(kLarge, large.size()), large);
}

TEST_F(QemuStub, ReadsARunningTargetAndLetsItRunOn) {
  stub->resume({});
  std::uint32_t last = 0;
  for (int i = 0; i < 3; ++i) {
    for (const std::uint32_t before = last; last == before;) last = ticks();
  }
  EXPECT_TRUE(stub->running());
  bool halted = false;
  stub->halt([&] { halted = true; });
  until([&] { return halted; });
  EXPECT_FALSE(stub->running());
  EXPECT_EQ(ticks(), ticks());
}

TEST_F(QemuStub, CanBeArmedAndDisarmedWhileTheTargetRuns) {
  stub->resume({});
  bool armed = false;
  bool hit = false;
  stub->arm(
      {.address = kTick}, std::uint64_t{1} << 40, [&](const auto&) { hit = true; },
      [&] { armed = true; });
  until([&] { return armed && stub->hits() > 10; });
  bool disarmed = false;
  stub->disarm([&] { disarmed = true; });
  until([&] { return disarmed; });
  const auto hits = stub->hits();
  loop.run_for(50ms);
  EXPECT_EQ(stub->hits(), hits);
  EXPECT_FALSE(hit);
  EXPECT_TRUE(stub->running());
}

TEST_F(QemuStub, TellsOfABreakpointThatIsNotArmed) {
  const Trigger here{.address = kTick};
  stub->insert(here, {});
  stub->resume({});
  until([&] { return stop.has_value(); });
  EXPECT_EQ(stop->pc, kTick);
  stop.reset();
  stub->resume({});
  until([&] { return stop.has_value(); });
  EXPECT_EQ(ticks(), 1U);
}

TEST_F(QemuStub, LetsGoOfTheTarget) {
  run_to({.address = kTick}, 3);
  bool detached = false;
  stub->detach([&] { detached = true; });
  until([&] { return detached; });
  loop.run_for(20ms);
  EXPECT_FALSE(failure);
}

TEST_F(QemuStub, IsARigErrorWhenQemuIsKilledWhileArmed) {
  stub->arm({.address = 0x08000800}, 1, [](const auto&) {}, {});
  bool runs = false;
  stub->resume([&] { runs = true; });
  until([&] { return runs; });
  qemu->kill();
  ASSERT_TRUE(loop.run_until([&] { return failure.has_value(); }, 20s));
  EXPECT_EQ(failure->code(), std::errc::connection_reset);
}

TEST_F(QemuStub, IsARigErrorWhenQemuHangs) {
  stub.reset();
  attached = false;
  connect(2s);
  ::kill(qemu->pid(), SIGSTOP);
  bool read = false;
  stub->read_memory(kTicks, 4, [&](auto) { read = true; });
  ASSERT_TRUE(loop.run_until([&] { return failure.has_value(); }, 20s));
  EXPECT_EQ(failure->code(), std::errc::timed_out);
  EXPECT_FALSE(read);
}

}  // namespace
}  // namespace rig::probe
