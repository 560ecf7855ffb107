// What a loss of power leaves behind besides bits, and what the chip makes of it.
#include "simulator/flash_marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "unit/simulator/test_world.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;
using record::TornKind;
using testing::at;
using testing::lines_of;
using testing::run_to;

constexpr std::uint32_t kSector = 0x8000;  // the third one of 16 KB

FlashOp operation(std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
  return {.index = 1,
          .address = kFlashBase + offset,
          .bytes = bytes,
          .erase = bytes > 4,
          .value = value,
          .start = {},
          .end = {}};
}

FlashGeometry with_ecc(EccFault fault) {
  FlashGeometry flash = stm32f205().flash;
  flash.ecc = fault;
  flash.unit = 8;
  return flash;
}

TEST(FlashMarks, OnlyBitsThatHadToChangeAreUndecided) {
  base::Bytes flash(kFlashSize, 0xFF);
  base::write_le32(flash, kSector, 0xFFFF0000);
  const auto& geometry = stm32f205().flash;
  const record::TornModel torn{TornKind::metastable, 7};
  const auto word = marks_left(operation(kSector, 4, 0x12340000), torn, geometry, flash);
  ASSERT_EQ(word.size(), 1U);
  EXPECT_EQ(word[0].undecided, 0xEDCB0000U);
  const auto half = marks_left(operation(kSector + 2, 2, 0x00FF), torn, geometry, flash);
  ASSERT_EQ(half.size(), 1U);
  EXPECT_EQ(half[0].undecided, 0xFF000000U);
  EXPECT_TRUE(marks_left(operation(kSector, 4, 0xFFFFFFFF), torn, geometry, flash).empty());
  const auto sector = marks_left(operation(kSector, 0x4000, 0), torn, geometry, flash);
  ASSERT_EQ(sector.size(), 1U);  // the rest was erased already
  EXPECT_EQ(sector[0].undecided, 0x0000FFFFU);
}

TEST(FlashMarks, ReadByChanceUntilTheyAreRewritten) {
  FlashMarks marks(FlashMarkList{{.word = 4, .undecided = 0xFF, .seed = 3}});
  const auto eight = [&marks] {
    std::vector<std::uint64_t> values;
    for (int i = 0; i < 8; ++i) values.push_back(marks.load(16, 4, 0xFFFFFFFF));
    return values;
  };
  const auto first = eight();
  EXPECT_GT(std::set<std::uint64_t>(first.begin(), first.end()).size(), 3U);
  for (const auto value : first) EXPECT_EQ(value | 0xFF, 0xFFFFFFFFU);
  marks.power_on();
  EXPECT_EQ(eight(), first);
  marks.programmed(16, 1, 0x0F);
  EXPECT_EQ(marks.list()[0].undecided, 0x0FU);
  marks.programmed(16, 1, 0x00);
  EXPECT_TRUE(marks.empty());
}

TEST(FlashMarks, AnErasedSectorIsReadableAgain) {
  const FlashGeometry geometry = with_ecc(EccFault::bus_fault);
  const base::Bytes flash(kFlashSize, 0xFF);
  FlashMarks marks(
      marks_left(operation(kSector + 4, 4, 0), {TornKind::bad_ecc, 0}, geometry, flash));
  EXPECT_TRUE(marks.unreadable(kSector, 1));  // it shares its ECC
  EXPECT_TRUE(marks.unreadable(kSector + 4, 4));
  EXPECT_FALSE(marks.unreadable(kSector + 8, 4));
  marks.programmed(kSector + 4, 4, 0);
  EXPECT_TRUE(marks.unreadable(kSector + 4, 4));
  marks.erased(kSector, 0x4000);
  EXPECT_TRUE(marks.empty());
}

TEST(FlashMarks, WhatAPartCanDoFollowsFromItsDescription) {
  const FlashGeometry& plain = stm32f205().flash;
  EXPECT_TRUE(is_possible(TornKind::metastable, false, plain));
  EXPECT_FALSE(is_possible(TornKind::bad_ecc, false, plain));
  EXPECT_FALSE(is_possible(TornKind::dropped, true, plain));
  EXPECT_FALSE(is_possible(TornKind::partial_erase, false, plain));
  const FlashGeometry corrected = with_ecc(EccFault::nmi);
  EXPECT_TRUE(is_possible(TornKind::bad_ecc, false, corrected));
  EXPECT_FALSE(is_possible(TornKind::prefix, false, corrected));
  EXPECT_FALSE(is_possible(TornKind::neighbour, true, corrected));
}

TEST(FlashMarks, ANeighbourLosesOneBitOfItsOwn) {
  base::Bytes flash(kFlashSize, 0xFF);
  base::write_le32(flash, kSector + 8, 0x00000100);
  const auto& geometry = stm32f205().flash;
  const auto beside =
      disturbed_byte(operation(kSector + 4, 4, 0), {TornKind::neighbour, 1}, geometry, flash);
  ASSERT_TRUE(beside);
  EXPECT_EQ(beside->offset, kSector + 9);
  EXPECT_EQ(beside->value, 0U);
  // The last word of a sector disturbs the one before it.
  const auto last =
      disturbed_byte(operation(kSector + 0x3FFC, 4, 0), {TornKind::neighbour, 1}, geometry, flash);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->offset / 4, (kSector + 0x3FF8) / 4);
  // An erase sets a bit behind its sector, where there is one to set.
  EXPECT_FALSE(
      disturbed_byte(operation(kSector, 0x4000, 0), {TornKind::neighbour, 1}, geometry, flash));
}

McuDescription chip_with(EccFault fault) {
  McuDescription chip = stm32f205();
  chip.flash = with_ecc(fault);
  for (Sector& sector : chip.flash.sectors) sector.erase_time = 5ms;
  chip.compute_limit = 20ms;  // where it ends it loops
  return chip;
}

std::vector<std::string> lines_with(const McuDescription& chip, const FlashMarkList& marks,
                                    Engine& engine) {
  World world = testing::world_with("marked", {.mcu = &chip});
  base::Bytes flash = testing::flash_with("marked");
  base::write_le32(flash, kSector, 0xFFFFFFFF);
  world.plant(flash, marks);
  world.set_power({.board = true, .modem = false}, true);
  return lines_of(run_to(world, engine, at(5s)));
}

TEST(FlashMarks, TheProcessorReadsAMetastableWordDifferentlyUntilItIsProgrammed) {
  Engine engine;  // learns by itself to see loads
  const FlashMarkList marks{{.word = kSector / 4, .undecided = 0xFFFF, .seed = 5}};
  const auto lines = lines_with(stm32f205(), marks, engine);
  ASSERT_EQ(lines.size(), 4U);
  std::set<std::string> values;
  for (std::size_t i = 0; i < 8; ++i)
    values.insert(lines[0].substr(lines[0].find("w=") + 11 * i, 10));
  EXPECT_GT(values.size(), 3U) << lines[0];
  for (const std::string& value : values) EXPECT_TRUE(value.starts_with("w=ffff")) << value;
  EXPECT_EQ(lines[2],
            "programmed w=ffff0000 w=ffff0000 w=ffff0000 w=ffff0000 w=ffff0000 "
            "w=ffff0000 w=ffff0000 w=ffff0000");
  EXPECT_EQ(lines_with(stm32f205(), marks, engine), lines);
  Engine seeing(Loads::seen);
  EXPECT_EQ(lines_with(stm32f205(), marks, seeing), lines);
}

TEST(FlashMarks, AWordWithoutEccIsABusFaultAtItsAddress) {
  Engine engine;
  const McuDescription chip = chip_with(EccFault::bus_fault);
  const FlashMarkList marks{{.word = kSector / 4, .unreadable = true}};
  const auto lines = lines_with(chip, marks, engine);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0], "foundbusfault bfar=08008000");
}

TEST(FlashMarks, OrANonMaskableInterruptForEachLoad) {
  Engine engine;
  const McuDescription chip = chip_with(EccFault::nmi);
  const FlashMarkList marks{{.word = kSector / 4, .unreadable = true}};
  const auto lines = lines_with(chip, marks, engine);
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines[1], " alarms=00000008");
  EXPECT_TRUE(lines.back().starts_with("erased w=ffffffff"));
}

// The third operation is done, the second never was.
TEST(FlashMarks, ADroppedOperationIsTheOneBefore) {
  McuDescription chip = stm32f205();
  chip.flash.buffered = true;
  World world = testing::world_with("recorder", {.seed = 7, .mcu = &chip});
  base::Bytes flash = testing::flash_with("recorder");
  for (std::uint32_t i = 0; i < 16; ++i) base::write_le32(flash, 0xC0000 + 4 * i, 0x00112233 + i);
  world.plant(flash);
  world.set_power({.board = true, .modem = false}, true);
  world.arm_flash_op(3, record::OpMoment::during);
  Engine engine;
  while (world.run(engine, at(4s)) == Pause::events) static_cast<void>(world.take_events());
  const auto op = world.op_in_flight();
  ASSERT_TRUE(op);
  ASSERT_FALSE(op->erase);
  const std::uint32_t offset = op->address - kFlashBase;
  const std::uint32_t before = base::read_le32(world.flash(), offset - 4);
  ASSERT_NE(before, 0xFFFFFFFFU);
  world.cut({.board = true, .modem = false}, {TornKind::dropped, 0});
  EXPECT_EQ(base::read_le32(world.flash(), offset - 4), 0xFFFFFFFFU);
  EXPECT_EQ(base::read_le32(world.flash(), offset), op->value);
}

}  // namespace
}  // namespace rig::simulator
