// Cuts in the middle of flash operations: on a run that pauses there, and on a snapshot that an
// observer took on the way. Both must give the same future.
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "unit/simulator/test_world.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;
using record::TornKind;
using record::TornModel;
using testing::at;
using testing::of_kind;
using testing::run_to;
using testing::text_of;
using testing::world_with;

constexpr record::Domains kBoard{.board = true, .modem = false};

class Snapshots : public FlashOpObserver {
 public:
  void at(const FlashOp& op, const World& world) override { worlds.emplace(op.index, world); }
  std::map<std::uint64_t, World> worlds;
};

World sixteen_records() {
  auto world = world_with("recorder", {.seed = 7});
  auto flash = testing::flash_with("recorder");
  for (std::uint32_t i = 0; i < 16; ++i) {
    base::write_le32(flash, 0xC0000 + 4 * i, 0x00112233 + i);
  }
  world.plant(flash);
  world.set_power(kBoard, true);
  return world;
}

std::string future_of(World world, Engine& engine, base::Duration off_for, TornModel torn) {
  world.cut(kBoard, torn);
  auto text = text_of(world.take_events());
  const auto off = world.now();
  text += text_of(run_to(world, engine, off + off_for));
  world.set_power(kBoard, true);
  return text + text_of(run_to(world, engine, off + off_for + 3s));
}

const TornModel kModels[] = {
    {TornKind::old_state, 0},       {TornKind::new_state, 0}, {TornKind::prefix, 1},
    {TornKind::partial_bits, 5},    {TornKind::one_bit, 3},   {TornKind::all_but_one_bit, 2},
    {TornKind::partial_erase, 400},
};

TEST(Cut, ArmedRunAndSnapshotHaveTheSameFuture) {
  Engine engine;
  Engine other;
  auto trunk = sixteen_records();
  Snapshots snapshots;
  trunk.observe(&snapshots);
  static_cast<void>(run_to(trunk, engine, at(4s)));
  ASSERT_EQ(snapshots.worlds.size(), 7U);  // one erase, six words
  for (const auto& [index, snapshot] : snapshots.worlds) {
    for (const auto torn : kModels) {
      for (const base::Duration off_for : {base::Duration(2s), base::Duration(3ms)}) {
        auto armed = sixteen_records();
        armed.arm_flash_op(index, record::OpMoment::during);
        while (armed.run(other, at(4s)) == Pause::events) {
          static_cast<void>(armed.take_events());
        }
        static_cast<void>(armed.take_events());
        ASSERT_TRUE(armed.op_in_flight());
        ASSERT_EQ(armed.op_in_flight()->index, index);
        auto copy = snapshot;
        static_cast<void>(copy.take_events());
        EXPECT_EQ(future_of(copy, engine, off_for, torn), future_of(armed, other, off_for, torn))
            << "op " << index << " torn " << record::to_text(torn);
      }
    }
  }
}

TEST(Cut, MomentsBeforeAndAfterOverrideTheTornModel) {
  Engine engine;
  for (const auto moment : {record::OpMoment::before, record::OpMoment::after}) {
    auto world = sixteen_records();
    world.arm_flash_op(2, moment);
    while (world.run(engine, at(4s)) == Pause::events) {
      static_cast<void>(world.take_events());
    }
    const auto op = *world.op_in_flight();
    world.cut(kBoard, {TornKind::prefix, 1});
    const bool before = moment == record::OpMoment::before;
    EXPECT_EQ(base::read_le32(world.flash(), op.address - kFlashBase),
              before ? 0xFFFFFFFF : op.value);
    EXPECT_EQ(world.now(), before ? op.start : op.end);
  }
}

TEST(Cut, TimeDrivenCutInTheMiddleOfAnEraseTearsIt) {
  Engine engine;
  auto world = sixteen_records();
  world.count_from_here();
  const auto timeline = run_to(world, engine, at(500ms));
  ASSERT_TRUE(world.op_in_flight());
  const auto op = *world.op_in_flight();
  EXPECT_TRUE(op.erase);
  EXPECT_EQ(world.now(), at(500ms));
  EXPECT_EQ(base::read_le32(world.flash(), op.address - kFlashBase), 0x00112233U);
  world.cut(kBoard, {TornKind::partial_erase, 500});
  EXPECT_EQ(world.now(), at(500ms));
  EXPECT_EQ(base::read_le32(world.flash(), op.address - kFlashBase), 0xFFFFFFFFU);
  const auto torn = of_kind(world.take_events(), record::EventKind::torn);
  ASSERT_EQ(torn.size(), 1U);
  EXPECT_EQ(torn[0].value, 128U * 1024U);
}

TEST(Cut, OperationThatPausedTheRunFinishesWhenItGoesOn) {
  Engine engine;
  auto straight = sixteen_records();
  const auto expected = text_of(run_to(straight, engine, at(4s)));
  auto world = sixteen_records();
  std::string text;
  for (std::uint64_t op = 1; op <= 7; ++op) {
    world.arm_flash_op(op, record::OpMoment::during);
    while (world.run(engine, at(4s)) == Pause::events) {
      text += text_of(world.take_events());
    }
    world.disarm();
  }
  text += text_of(run_to(world, engine, at(4s)));
  EXPECT_EQ(text, expected);
}

}  // namespace
}  // namespace rig::simulator
