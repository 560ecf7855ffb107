#include "simulator/flash_op.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "base/bytes.h"
#include "simulator/flash_controller.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;
using record::TornKind;

constexpr base::Instant kStart = base::kCycleStart + 1s;

FlashOp program(std::uint32_t value) {
  return {.index = 1,
          .address = 0x08080000,
          .bytes = 4,
          .erase = false,
          .value = value,
          .start = kStart,
          .end = kStart + 16us};
}

FlashOp erase(std::uint32_t bytes) {
  return {.index = 1,
          .address = 0x08080000,
          .bytes = bytes,
          .erase = true,
          .value = 0,
          .start = kStart,
          .end = kStart + 1s};
}

std::uint32_t torn_word(std::uint32_t before, std::uint32_t value, record::TornModel torn) {
  std::array<std::uint8_t, 4> memory{};
  base::write_le32(memory, 0, before);
  tear(program(value), torn, memory);
  return base::read_le32(memory, 0);
}

TEST(FlashOp, WordModels) {
  EXPECT_EQ(torn_word(0xFFFFFFFF, 0x12345678, {TornKind::old_state, 0}), 0xFFFFFFFFU);
  EXPECT_EQ(torn_word(0xFFFFFFFF, 0x12345678, {TornKind::new_state, 0}), 0x12345678U);
  EXPECT_EQ(torn_word(0xF0F0F0F0, 0xFF00FF00, {TornKind::new_state, 0}), 0xF000F000U);
  EXPECT_EQ(torn_word(0xFFFFFFFF, 0x12345678, {TornKind::prefix, 0}), 0xFFFFFFFFU);
  EXPECT_EQ(torn_word(0xFFFFFFFF, 0x12345678, {TornKind::prefix, 1}), 0xFFFF5678U);
  EXPECT_EQ(torn_word(0xFFFFFFFF, 0x12345678, {TornKind::prefix, 2}), 0x12345678U);
  EXPECT_EQ(torn_word(0xFFFFFFFF, 0x12345678, {TornKind::partial_erase, 500}), 0xFFFFFFFFU);
}

TEST(FlashOp, BitModelsOnlyClearBitsThatHadToChange) {
  for (std::uint32_t seed = 0; seed < 64; ++seed) {
    const auto some = torn_word(0xFF00FF00, 0x12345678, {TornKind::partial_bits, seed});
    EXPECT_EQ(some & 0x12005600, 0x12005600U);
    EXPECT_EQ(some & ~0xFF00FF00U, 0U);
    const auto one = torn_word(0xFF00FF00, 0x12345678, {TornKind::one_bit, seed});
    EXPECT_EQ(__builtin_popcount(one ^ 0xFF00FF00U), 1);
    const auto most = torn_word(0xFF00FF00, 0x12345678, {TornKind::all_but_one_bit, seed});
    EXPECT_EQ(__builtin_popcount(most ^ 0x12005600U), 1);
  }
  EXPECT_EQ(torn_word(0x12345678, 0x12345678, {TornKind::one_bit, 1}), 0x12345678U);
}

TEST(FlashOp, PartialEraseStopsAtItsPermille) {
  std::vector<std::uint8_t> memory(4000, 0x5A);
  tear(erase(4000), {TornKind::partial_erase, 250}, memory);
  EXPECT_TRUE(std::all_of(memory.begin(), memory.begin() + 1000,
                          [](std::uint8_t byte) { return byte == 0xFF; }));
  EXPECT_TRUE(std::all_of(memory.begin() + 1000, memory.end(),
                          [](std::uint8_t byte) { return byte == 0x5A; }));
}

TEST(FlashOp, CutInstants) {
  const auto word = program(0);
  EXPECT_EQ(cut_instant(word, {TornKind::old_state, 0}), word.start);
  EXPECT_EQ(cut_instant(word, {TornKind::new_state, 0}), word.end);
  EXPECT_EQ(cut_instant(word, {TornKind::prefix, 1}), word.start + 8us);
  EXPECT_EQ(cut_instant(word, {TornKind::one_bit, 9}), word.start + 8us);
  EXPECT_EQ(cut_instant(erase(1024), {TornKind::partial_erase, 250}), kStart + 250ms);
}

TEST(FlashOp, ElapsedModelSaysHowFarItGot) {
  const auto op = erase(128 * 1024);
  EXPECT_EQ(elapsed_model(op, kStart), (record::TornModel{TornKind::old_state, 0}));
  EXPECT_EQ(elapsed_model(op, kStart + 300ms), (record::TornModel{TornKind::partial_erase, 300}));
  EXPECT_EQ(elapsed_model(program(0), kStart + 9us), (record::TornModel{TornKind::prefix, 1}));
}

TEST(FlashController, SectorsOfThePart) {
  const FlashGeometry& flash = stm32f205().flash;
  ASSERT_EQ(flash.sectors.size(), 12U);
  EXPECT_EQ(flash.sectors[0].bytes, 16U * 1024U);
  EXPECT_EQ(flash.sectors[4].offset, 0x10000U);
  EXPECT_EQ(flash.sectors[11].offset + flash.sectors[11].bytes, 0x100000U);
  EXPECT_EQ(sector_at(flash, 0x9FFFF).offset, 0x80000U);
  EXPECT_EQ(sector_at(flash, 0xA0000).offset, 0xA0000U);
}

TEST(FlashController, RefusesWhatThePartRefuses) {
  FlashController controller(stm32f205().flash);
  const auto why = [](const FlashAnswer& answer) {
    const auto* refusal = std::get_if<Refusal>(&answer);
    return refusal == nullptr ? std::string_view("accepted") : refusal->why;
  };
  EXPECT_EQ(why(controller.store(0x80000, 4, 0)), "locked");
  FlashAnswer answer;
  EXPECT_TRUE(controller.write(0x04, 0x45670123, answer));
  EXPECT_TRUE(controller.write(0x04, 0xCDEF89AB, answer));
  EXPECT_EQ(why(controller.store(0x80000, 4, 0)), "PG not set");
  EXPECT_TRUE(controller.write(0x10, 1U | 2U << 8, answer));
  EXPECT_EQ(why(controller.store(0x80000, 2, 0)), "width is not PSIZE");
  EXPECT_EQ(why(controller.store(0x80000, 4, 0)), "accepted");
  EXPECT_EQ(controller.read(0x0C), 0xC0U);  // PGPERR, PGSERR
  EXPECT_TRUE(controller.write(0x0C, 0xF3, answer));
  EXPECT_EQ(controller.read(0x0C), 0U);
}

TEST(FlashController, WrongKeyLocksUntilReset) {
  FlashController controller(stm32f205().flash);
  FlashAnswer answer;
  EXPECT_TRUE(controller.write(0x04, 0x11111111, answer));
  ASSERT_TRUE(std::holds_alternative<Refusal>(answer));
  EXPECT_TRUE(std::get<Refusal>(answer).bus_error);
  EXPECT_TRUE(controller.write(0x04, 0x45670123, answer));
  EXPECT_TRUE(controller.write(0x04, 0xCDEF89AB, answer));
  EXPECT_NE(*controller.read(0x10) & 1U << 31, 0U);
  controller.reset();
  EXPECT_TRUE(controller.write(0x04, 0x45670123, answer));
  EXPECT_TRUE(controller.write(0x04, 0xCDEF89AB, answer));
  EXPECT_EQ(*controller.read(0x10) & 1U << 31, 0U);
}

}  // namespace
}  // namespace rig::simulator
