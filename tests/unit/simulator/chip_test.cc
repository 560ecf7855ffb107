// The parts that other chips than the product's are made of.
#include <gtest/gtest.h>

#include "simulator/flash_controller.h"
#include "simulator/nordic.h"
#include "simulator/nvmc.h"
#include "simulator/stubs.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;

constexpr base::Instant kNow{1s};

FlashGeometry pages(std::size_t count, std::uint32_t bytes) {
  FlashGeometry flash{
      .range = {0, static_cast<std::uint32_t>(count * bytes)}, .sectors = {}, .word_time = 41us};
  for (std::uint32_t i = 0; i < count; ++i) flash.sectors.push_back({i * bytes, bytes, 85ms});
  return flash;
}

std::string why(const FlashAnswer& answer) {
  const auto* refusal = std::get_if<Refusal>(&answer);
  return std::string(refusal == nullptr ? "accepted" : refusal->why);
}

FlashAnswer answer_of(Nvmc& nvmc, std::uint32_t offset, std::uint32_t value) {
  FlashAnswer answer;
  EXPECT_TRUE(nvmc.write(offset, value, answer));
  return answer;
}

TEST(Nvmc, ErasesThePageWhoseAddressIsWritten) {
  const FlashGeometry flash = pages(8, 1024);
  Nvmc nvmc(flash);
  EXPECT_EQ(why(answer_of(nvmc, 0x508, 0x400)), "erase not enabled");
  static_cast<void>(answer_of(nvmc, 0x504, 2));
  const FlashAnswer answer = answer_of(nvmc, 0x508, 0x400);
  const auto& start = std::get<FlashStart>(answer);
  EXPECT_TRUE(start.erase);
  EXPECT_EQ(start.offset, 0x400U);
  EXPECT_EQ(start.bytes, 1024U);
  EXPECT_EQ(start.takes, base::Duration(85ms));
  EXPECT_EQ(why(answer_of(nvmc, 0x508, 0x404)), "not the start of a page");
  EXPECT_EQ(why(answer_of(nvmc, 0x508, 0x2000)), "no page of the flash");
  EXPECT_EQ(nvmc.read(0x400), 1U);
}

TEST(Nvmc, ProgramsWholeWordsWhileEnabled) {
  const FlashGeometry flash = pages(8, 1024);
  Nvmc nvmc(flash);
  EXPECT_EQ(why(nvmc.store(0x10, 4, 0)), "write not enabled");
  static_cast<void>(answer_of(nvmc, 0x504, 1));
  EXPECT_EQ(std::get<FlashStart>(nvmc.store(0x10, 4, 7)).takes, base::Duration(41us));
  const FlashAnswer narrow = nvmc.store(0x10, 2, 0);
  EXPECT_TRUE(std::get<Refusal>(narrow).bus_error);
  nvmc.reset();
  EXPECT_EQ(why(nvmc.store(0x10, 4, 0)), "write not enabled");
}

TEST(FlashController, NamesTheSectorsOfASecondBankFrom16On) {
  FlashGeometry flash = pages(24, 0x10000);
  flash.range.start = 0x08000000;
  FlashController controller(flash);
  const auto erased = [&controller](std::uint32_t number) {
    FlashAnswer answer;
    static_cast<void>(controller.write(0x10, 2 | number << 3 | 1U << 16, answer));
    const auto* start = std::get_if<FlashStart>(&answer);
    return start == nullptr ? ~0U : start->offset;
  };
  FlashAnswer answer;
  static_cast<void>(controller.write(0x04, 0x45670123, answer));
  static_cast<void>(controller.write(0x04, 0xCDEF89AB, answer));
  EXPECT_EQ(erased(11), 11U * 0x10000);
  EXPECT_EQ(erased(12), ~0U);
  EXPECT_EQ(erased(16), 12U * 0x10000);
  EXPECT_EQ(erased(27), 23U * 0x10000);
  EXPECT_EQ(erased(28), ~0U);
}

TEST(Stubs, AnswerInTurnOrKeepWhatIsWritten) {
  const std::vector<Stub> described{{{0x1000, 8}, {1, 2}}, {{0x2000, 8}, {}}};
  Stubs stubs(described);
  EXPECT_EQ(stubs.read(0x0FFC), std::nullopt);
  EXPECT_EQ(stubs.read(0x1000), 1U);
  EXPECT_EQ(stubs.read(0x1004), 2U);
  EXPECT_EQ(stubs.read(0x1000), 2U);
  EXPECT_TRUE(stubs.write(0x1000, 9));
  EXPECT_EQ(stubs.read(0x1000), 2U);
  EXPECT_EQ(stubs.read(0x2004), 0U);
  EXPECT_TRUE(stubs.write(0x2004, 7));
  EXPECT_EQ(stubs.peek(0x2004), 7U);
  EXPECT_EQ(stubs.peek(0x2000), 0U);
  EXPECT_FALSE(stubs.write(0x2008, 7));
  stubs.reset();
  EXPECT_EQ(stubs.read(0x1000), 1U);
  EXPECT_EQ(stubs.read(0x2004), 0U);
}

constexpr std::uint32_t kConsole = 0x40002000;

TEST(Nordic, TransmitsByRegisterAndFromMemory) {
  Nordic chip(kConsole);
  const base::Bytes ram{'a', 'b', 'c'};
  const NordicUart::Memory memory{ram, 0x20000000};
  const auto write = [&](std::uint32_t offset, std::uint32_t value) {
    EXPECT_TRUE(chip.write(kConsole + offset, value, kNow, memory));
  };
  write(0x524, 0x01D7E000);  // 115200
  write(0x500, 4);
  write(0x51C, 'x');  // not started: lost
  write(0x008, 1);
  write(0x51C, 'y');
  EXPECT_EQ(chip.read(kConsole + 0x11C, kNow), 0U);
  EXPECT_EQ(chip.read(kConsole + 0x11C, kNow + 87us), 1U);
  EXPECT_EQ(chip.console.transmitter.take_sent(kNow + 87us).size(), 1U);
  write(0x500, 8);
  write(0x544, 0x20000001);
  write(0x548, 2);
  write(0x008, 1);
  EXPECT_EQ(chip.read(kConsole + 0x120, kNow + 87us), 0U);
  const auto done = chip.next_change(kConsole + 0x120, kNow + 87us);
  ASSERT_TRUE(done);
  EXPECT_EQ(chip.read(kConsole + 0x120, *done), 1U);
  EXPECT_EQ(chip.read(kConsole + 0x54C, *done), 2U);
  const auto sent = chip.console.transmitter.take_sent(*done);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[1].value, 'c');
}

TEST(Nordic, KeepsReasonsAndRetainedRegistersOverAReset) {
  Nordic chip(kConsole);
  const auto write = [&](std::uint32_t address, std::uint32_t value) {
    EXPECT_TRUE(chip.write(address, value, kNow, {}));
  };
  chip.reset(ResetCause::power);
  EXPECT_EQ(chip.read(0x40000400, kNow), 0U);
  write(0x4000051C, 0xB1);
  chip.reset(ResetCause::software);
  EXPECT_EQ(chip.read(0x40000400, kNow), 4U);
  EXPECT_EQ(chip.read(0x4000051C, kNow), 0xB1U);
  chip.reset(ResetCause::watchdog);
  EXPECT_EQ(chip.read(0x40000400, kNow), 6U);
  write(0x40000400, 4);
  EXPECT_EQ(chip.read(0x40000400, kNow), 2U);
  chip.reset(ResetCause::power);
  EXPECT_EQ(chip.read(0x4000051C, kNow), 0U);
  EXPECT_EQ(chip.read(0x40000404, kNow), std::nullopt);
}

TEST(Nordic, TheWatchdogWantsItsWord) {
  Nordic chip(kConsole);
  const auto write = [&](std::uint32_t address, std::uint32_t value, base::Instant now) {
    EXPECT_TRUE(chip.write(address, value, now, {}));
  };
  EXPECT_EQ(chip.expiry(), std::nullopt);
  write(0x40010504, 32'767, kNow);  // a second
  write(0x40010000, 1, kNow);
  EXPECT_EQ(chip.expiry(), kNow + 1s);
  write(0x40010600, 0x12345678, kNow + 500ms);
  EXPECT_EQ(chip.expiry(), kNow + 1s);
  write(0x40010600, 0x6E524635, kNow + 500ms);
  EXPECT_EQ(chip.expiry(), kNow + 1500ms);
}

}  // namespace
}  // namespace rig::simulator
