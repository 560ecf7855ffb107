#include "simulator/unicorn_blocks.h"

#include <gtest/gtest.h>

#include <chrono>

#include "simulator/flash_reads.h"
#include "unit/simulator/test_world.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;

struct Ran {
  record::Timeline timeline;
  std::vector<std::uint32_t> reads;
  base::Bytes flash;
};

Ran ran(const std::string& program, Engine& engine) {
  FlashReads reads;
  World world = testing::world_with(program);
  world.record_reads(&reads);
  world.set_power({.board = true, .modem = true}, true);
  Ran result;
  for (const base::Duration until : {700ms, 701ms, 3'000ms}) {  // wherever that is
    const auto part = testing::run_to(world, engine, testing::at(until));
    result.timeline.insert(result.timeline.end(), part.begin(), part.end());
  }
  result.reads = reads.words();
  result.flash.assign(world.flash().begin(), world.flash().end());
  return result;
}

TEST(UnicornBlocks, AreKnownHere) { EXPECT_TRUE(blocks_can_be_inline()); }

class UnicornBlocks : public ::testing::TestWithParam<const char*> {};

// Twice, so that blocks are settled and their pages change in between.
TEST_P(UnicornBlocks, DoTheSameAsBlocksThatAsk) {
  Engine entering(Loads::seen);
  Engine asking(Loads::seen, Blocks::ask);
  for (int turn = 0; turn < 2; ++turn) {
    const Ran expected = ran(GetParam(), asking);
    const Ran got = ran(GetParam(), entering);
    ASSERT_FALSE(expected.timeline.empty());
    EXPECT_EQ(record::encode(got.timeline), record::encode(expected.timeline));
    EXPECT_EQ(got.reads, expected.reads);
    EXPECT_EQ(got.flash, expected.flash);
    static_cast<void>(ran("recorder", entering));
    static_cast<void>(ran("recorder", asking));
  }
}

INSTANTIATE_TEST_SUITE_P(Program, UnicornBlocks,
                         ::testing::Values("sleeper", "recorder", "printer", "flasher", "waiter",
                                           "exceptions", "modem"));

}  // namespace
}  // namespace rig::simulator
