#include "simulator/world.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include "unit/simulator/test_world.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;
using record::EventKind;
using testing::at;
using testing::lines_of;
using testing::of_kind;
using testing::run_to;
using testing::text_of;
using testing::world_with;

constexpr record::Domains kBoard{.board = true, .modem = false};
constexpr record::Domains kBoth{.board = true, .modem = true};

TEST(World, SleepingFirmwareWakesOnTime) {
  Engine engine;
  auto world = world_with("sleeper");
  world.set_power(kBoard, true);
  const auto lines = lines_of(run_to(world, engine, at(30'500ms)));
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "boot csr=0e000000 kept=00000000", "awake wakes=0000000a ms=00002711",
                       "awake wakes=00000014 ms=00004e21", "awake wakes=0000001e ms=00007531"}));
  EXPECT_EQ(world.now(), at(30'500ms));
}

// Also when it has begun anew with other Unicorn instances on the way.
TEST(World, AnEngineThatRanManyWorldsRunsTheNextAsAFreshOne) {
  const auto whole = [](Engine& engine) {
    auto world = world_with("sleeper");
    world.set_power(kBoard, true);
    return record::encode(run_to(world, engine, at(2s)));
  };
  Engine fresh;
  const auto expected = whole(fresh);
  Engine old;
  auto turns = std::array{world_with("sleeper"), world_with("recorder")};
  for (auto& each : turns) each.set_power(kBoard, true);
  for (int i = 0; i < 1'200; ++i) {
    static_cast<void>(run_to(turns[i % 2], old, at(1ms) + i * 10us));
    if (i % 300 == 0) {
      ASSERT_EQ(whole(old), expected) << i;
    }
  }
  EXPECT_EQ(whole(old), expected);
}

TEST(World, PowerLossFillsRamAndClearsBackupRegisters) {
  Engine engine;
  auto world = world_with("sleeper");
  world.set_power(kBoard, true);
  static_cast<void>(run_to(world, engine, at(1s)));
  world.set_power(kBoard, false);
  static_cast<void>(run_to(world, engine, at(3s)));
  world.set_power(kBoard, true);
  EXPECT_EQ(lines_of(run_to(world, engine, at(4s))).front(), "boot csr=0e000000 kept=00000000");
}

TEST(World, DipWithinHoldUpKeepsRamAndBackupAndIsABrownOut) {
  Engine engine;
  auto world = world_with("recorder");
  world.set_power(kBoard, true);
  const auto first = lines_of(run_to(world, engine, at(1s)));
  world.set_power(kBoard, false);
  static_cast<void>(run_to(world, engine, at(1s + 5ms)));
  auto long_off = world;
  world.set_power(kBoard, true);
  static_cast<void>(run_to(long_off, engine, at(2s)));
  long_off.set_power(kBoard, true);
  const auto kept = lines_of(run_to(world, engine, at(3s))).front();
  const auto lost = lines_of(run_to(long_off, engine, at(3s))).front();
  EXPECT_EQ(kept.substr(0, 17), lost.substr(0, 17));
  EXPECT_NE(kept.substr(18), lost.substr(18));
}

TEST(World, BackupRegistersSurviveWithVbat) {
  Engine engine;
  auto world = world_with("sleeper", {.vbat = true});
  world.set_power(kBoard, true);
  static_cast<void>(run_to(world, engine, at(1s)));
  world.set_power(kBoard, false);
  static_cast<void>(run_to(world, engine, at(3s)));
  world.set_power(kBoard, true);
  EXPECT_EQ(lines_of(run_to(world, engine, at(4s))).front(), "boot csr=0e000000 kept=12345678");
}

TEST(World, FlashBehavesAsNorAndTakesItsTime) {
  Engine engine;
  auto world = world_with("flasher");
  world.set_power(kBoard, true);
  const auto timeline = run_to(world, engine, at(5s));
  EXPECT_EQ(lines_of(timeline),
            (std::vector<std::string>{"start", "erased", "programmed bad=00000000",
                                      "anded word=0f00f000", "locked word=ffffffff sr=00000080"}));
  const auto erase = of_kind(timeline, EventKind::erase);
  ASSERT_EQ(erase.size(), 1U);
  EXPECT_EQ(erase[0].address, 0x080C0000U);
  EXPECT_EQ(erase[0].value, 128U * 1024U);
  const auto programs = of_kind(timeline, EventKind::program);
  ASSERT_EQ(programs.size(), 2U);  // the run of ascending words, and the word programmed again
  EXPECT_EQ(programs[0].value, 4097U);
  const auto refused = of_kind(timeline, EventKind::refused);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].text, "locked");
  EXPECT_EQ(world.flash_ops(), 4099U);
  const auto lines = of_kind(timeline, EventKind::line);
  EXPECT_GT(lines[1].at - lines[0].at, 1s);
  EXPECT_GT(lines[2].at - lines[1].at, 4096 * 16us);
}

TEST(World, ExceptionsNestAndFaultsEscalateToLockUpAndWatchdog) {
  Engine engine;
  auto world = world_with("exceptions");
  world.set_power(kBoard, true);
  const auto timeline = run_to(world, engine, at(100ms));
  const auto lines = lines_of(timeline);
  ASSERT_GE(lines.size(), 5U);
  EXPECT_EQ(lines[1], " trail=00123456");
  EXPECT_EQ(lines[2], " masked=00007456");
  EXPECT_EQ(lines[3], "busfault cfsr=00008200 bfar=50000000");
  EXPECT_EQ(lines[4], "hardfault hfsr=40000000");
  const auto faults = of_kind(timeline, EventKind::fault);
  ASSERT_GE(faults.size(), 4U);
  EXPECT_EQ(faults[0].value, 0x50000000U);
  EXPECT_EQ(faults[3].text, "lockup");
  const auto resets = of_kind(timeline, EventKind::reset);
  ASSERT_GE(resets.size(), 2U);
  EXPECT_EQ(resets[0].text, "power");
  EXPECT_EQ(resets[1].text, "iwdg");
  EXPECT_EQ(lines[5], "boot csr=2e000000");
}

TEST(World, ModemAnswersOverDmaAndPolled) {
  Engine engine;
  auto world = world_with("modem");
  world.set_power(kBoth, true);
  const auto timeline = run_to(world, engine, at(10s));
  EXPECT_EQ(lines_of(timeline), (std::vector<std::string>{"sent interrupts=00000001",
                                                          "got bytes=00000009 text=AT...OK..",
                                                          "got bytes=0000000b text=ATE0...OK.."}));
}

TEST(World, SupervisorCyclesThePowerOfAProductThatDoesNotFeedIt) {
  Engine engine;
  auto world = world_with(
      "sleeper", {.supervisor = Supervisor{.period = 10s, .domains = kBoth, .off_time = 2s}});
  world.set_power(kBoth, true);
  const auto timeline = run_to(world, engine, at(13s));
  const auto off = of_kind(timeline, EventKind::off);
  const auto on = of_kind(timeline, EventKind::on);
  ASSERT_EQ(off.size(), 1U);
  ASSERT_EQ(on.size(), 2U);
  EXPECT_EQ(off[0].text, "board+modem by watchdog");
  EXPECT_EQ(off[0].at, at(10s));
  EXPECT_EQ(on[1].at, at(12s));
}

TEST(World, TimelineDoesNotDependOnTheEngineNorOnHowItIsSliced) {
  for (const std::string program : {"flasher", "modem", "exceptions", "recorder", "waiter"}) {
    Engine fresh;
    auto whole = world_with(program);
    whole.set_power(kBoth, true);
    const auto expected = text_of(run_to(whole, fresh, at(4s)));

    Engine used;
    auto other = world_with("sleeper");
    other.set_power(kBoth, true);
    static_cast<void>(run_to(other, used, at(10s)));
    auto sliced = world_with(program);
    sliced.set_power(kBoth, true);
    std::string text;
    for (auto until = 0us; until <= 4s; until += 1'337us) {
      text += text_of(run_to(sliced, used, at(until)));
    }
    text += text_of(run_to(sliced, used, at(4s)));
    EXPECT_EQ(text, expected) << program;
  }
}

// Passes of a branch to itself are taken at once, except where somebody counts them.
TEST(World, ABranchToItselfTakesItsTime) {
  const base::Bytes flash = testing::flash_with("waiter");
  std::vector<std::uint32_t> loops;
  for (std::uint32_t at = 0; at < 0x1000; at += 2) {
    if (flash[at] == 0xFE && flash[at + 1] == 0xE7) loops.push_back(kFlashBase + at);
  }
  ASSERT_GE(loops.size(), 2U);
  Engine engine;
  auto world = world_with("waiter");
  world.set_power(kBoard, true);
  const auto timeline = run_to(world, engine, at(700ms));
  ASSERT_GE(lines_of(timeline).size(), 5U);
  EXPECT_EQ(lines_of(timeline)[3], "stays");
  EXPECT_EQ(of_kind(timeline, EventKind::reset).at(1).text, "iwdg");
  for (const std::uint32_t loop : loops) {
    auto counted = world_with("waiter");
    counted.arm_code(loop, 1'000'000'000);
    counted.set_power(kBoard, true);
    EXPECT_EQ(text_of(run_to(counted, engine, at(700ms))), text_of(timeline)) << std::hex << loop;
  }
}

TEST(World, CopyContinuesAsTheOriginal) {
  Engine engine;
  Engine second;
  auto world = world_with("modem");
  world.set_power(kBoth, true);
  static_cast<void>(run_to(world, engine, at(3'500ms)));
  auto copy = world;
  const auto expected = text_of(run_to(world, engine, at(8s)));
  EXPECT_EQ(text_of(run_to(copy, second, at(8s))), expected);
}

}  // namespace
}  // namespace rig::simulator
