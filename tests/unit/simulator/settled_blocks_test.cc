#include "simulator/settled_blocks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "simulator/flash_reads.h"
#include "unit/simulator/test_world.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;
using testing::at;
using testing::run_to;
using testing::world_with;

constexpr std::uint32_t kPage = 4096;
constexpr MemoryRange kFlash{kFlashBase, 4 * kPage};

TEST(SettledBlocks, IsTheBlockOfThatPlaceAndSize) {
  SettledBlocks blocks(kFlash, kPage);
  EXPECT_FALSE(blocks.has(kFlashBase, 0x10));
  blocks.add(kFlashBase, 0x10);
  blocks.add(kFlashBase + kFlash.size - 2, 2);
  EXPECT_TRUE(blocks.has(kFlashBase, 0x10));
  EXPECT_TRUE(blocks.has(kFlashBase + kFlash.size - 2, 2));
  EXPECT_FALSE(blocks.has(kFlashBase, 0x0E));
  EXPECT_FALSE(blocks.has(kFlashBase + 2, 0x10));
  blocks.forget(kFlashBase);
  EXPECT_FALSE(blocks.has(kFlashBase, 0x10));
}

TEST(SettledBlocks, KnowsNoneOutsideFlash) {
  SettledBlocks blocks(kFlash, kPage);
  for (const std::uint32_t address :
       {0U, kFlashBase - 2, kFlashBase + kFlash.size, kRamBase, 0xFFFFFFFEU}) {
    EXPECT_FALSE(blocks.has(address, 0)) << std::hex << address;
    EXPECT_FALSE(blocks.has(address, 4)) << std::hex << address;
    blocks.forget(address);
  }
}

TEST(SettledBlocks, APageTakesTheBlockAlongThatReachesIntoIt) {
  SettledBlocks blocks(kFlash, kPage);
  const std::uint32_t second = kFlashBase + kPage;
  blocks.add(kFlashBase, 8);
  blocks.add(second - 4, 8);
  blocks.add(second + 4, 8);
  blocks.add(second + kPage, 8);
  blocks.forget_page(1);
  EXPECT_TRUE(blocks.has(kFlashBase, 8));
  EXPECT_FALSE(blocks.has(second - 4, 8));
  EXPECT_FALSE(blocks.has(second + 4, 8));
  EXPECT_TRUE(blocks.has(second + kPage, 8));
  blocks.forget_all();
  EXPECT_FALSE(blocks.has(kFlashBase, 8));
  EXPECT_FALSE(blocks.has(second + kPage, 8));
}

// The program "sleeper" comes by here once a second.
std::uint32_t timer_handler() {
  constexpr std::size_t kVectorOfTimer2 = (16 + 28) * 4;
  return base::read_le32(testing::flash_with("sleeper"), kVectorOfTimer2) & ~1U;
}

TEST(SettledBlocks, CodeThatRanBeforeCanBeWaitedFor) {
  Engine engine;
  auto world = world_with("sleeper");
  world.set_power({.board = true, .modem = false}, true);
  static_cast<void>(run_to(world, engine, at(5'500ms)));
  world.arm_code(timer_handler(), 2);
  while (world.run(engine, at(20s)) == Pause::events) static_cast<void>(world.take_events());
  EXPECT_GT(world.now(), at(6'900ms));
  EXPECT_LT(world.now(), at(7'100ms));
}

TEST(SettledBlocks, ARecordingThatBeginsLaterSeesThemAsWell) {
  Engine engine(Loads::seen);
  FlashReads reads;
  auto world = world_with("sleeper");
  world.record_reads(&reads);
  world.set_power({.board = true, .modem = false}, true);
  static_cast<void>(run_to(world, engine, at(5'500ms)));
  reads.begin();
  static_cast<void>(run_to(world, engine, at(6'500ms)));
  const std::uint32_t word = (timer_handler() - kFlashBase) / 4;
  EXPECT_NE(std::ranges::find(reads.words(), word), reads.words().end());
}

}  // namespace
}  // namespace rig::simulator
