#include "simulator/block_pace.h"

#include <gtest/gtest.h>

#include <chrono>

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kAddress = 0x08000100;

constexpr base::Instant after(base::Duration time) { return base::kCycleStart + time; }

BlockPace begun(CpuClock& clock) {
  BlockPace pace;
  pace.begin(clock);
  return pace;
}

TEST(BlockPace, CountsABlockWhenTheNextBegins) {
  CpuClock clock{.now = after(1us), .deadline = after(1s)};
  BlockPace pace = begun(clock);
  pace.enter(kAddress, 8);
  pace.surface();
  EXPECT_EQ(clock.now, after(1us));
  EXPECT_EQ(clock.pending, 4 * kTimePerHalfWord);
  pace.enter(kAddress, 2);
  pace.surface();
  EXPECT_EQ(clock.now, after(1us) + 4 * kTimePerHalfWord);
  EXPECT_EQ(clock.pending, kTimePerHalfWord);
}

TEST(BlockPace, TakesBackABlockThatMayNotBegin) {
  CpuClock clock{.now = after(1us), .deadline = after(1s)};
  BlockPace pace = begun(clock);
  pace.enter(kAddress, 8);
  pace.enter(kAddress + 8, 400);
  EXPECT_EQ(pace.start(), kAddress + 8);
  EXPECT_EQ(pace.bytes(), 400U);
  pace.leave();
  pace.surface();
  EXPECT_EQ(clock.now, after(1us) + 4 * kTimePerHalfWord);
  EXPECT_EQ(clock.pending, base::Duration{});
}

TEST(BlockPace, NoBlockBeginsAtTheDeadline) {
  for (const auto left : {1ns, 4ns, 5ns, 39ns, 40ns}) {
    CpuClock clock{.now = after(0ns), .deadline = after(40ns) + left};
    BlockPace pace = begun(clock);
    pace.enter(kAddress, 8);
    EXPECT_TRUE(pace.goes_on()) << left.count();
    pace.enter(kAddress, 8);
    EXPECT_FALSE(pace.goes_on()) << left.count();
  }
}

TEST(BlockPace, HasTimeWithoutAnEnd) {
  CpuClock clock{.now = after(0ns), .deadline = base::Instant::max()};
  BlockPace pace = begun(clock);
  EXPECT_TRUE(pace.goes_on());
}

TEST(BlockPace, TakesOverWhatOthersDoToTheClock) {
  CpuClock clock{.now = after(0ns), .deadline = after(1ms)};
  BlockPace pace = begun(clock);
  pace.enter(kAddress, 4);
  pace.surface();
  clock.now = after(900us);  // such as the end of an operation that the core waited for
  clock.deadline = after(950us);
  pace.dive();
  EXPECT_TRUE(pace.goes_on());
  pace.enter(kAddress, 6);
  pace.surface();
  EXPECT_EQ(clock.now, after(900us) + 2 * kTimePerHalfWord);
  clock.now = after(950us);
  pace.dive();
  EXPECT_FALSE(pace.goes_on());
}

TEST(BlockPace, StopsForWhoeverAsks) {
  for (const bool watch : {false, true}) {
    CpuClock clock{.now = after(0ns), .deadline = after(1s)};
    BlockPace pace = begun(clock);
    (watch ? clock.watch_masks : clock.stop) = true;
    pace.dive();
    EXPECT_FALSE(pace.goes_on());
  }
  CpuClock clock{.now = after(0ns), .deadline = after(1s)};
  BlockPace pace = begun(clock);
  pace.stop();
  EXPECT_FALSE(pace.goes_on());
  EXPECT_TRUE(clock.stop);
}

}  // namespace
}  // namespace rig::simulator
