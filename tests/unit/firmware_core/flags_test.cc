#include <gtest/gtest.h>

#include <memory>

#include "unit/firmware_core/fake_board.h"

namespace firmware_core {
namespace {

// Runs until the board resets.
template <typename Call>
void until_reset(FakeBoard& board, Call call) {
  if (setjmp(board.reset_target) == 0) call();
}

boot_rung boot_after(FakeBoard& board, reset_reason cause) {
  board.cause = cause;
  return boot_climb(boot_determine_reason());
}

TEST(BootFlags, ReasonOfASoftwareResetIsTheRequestedOne) {
  FakeBoard board;
  until_reset(board, [] { boot_reset(RESET_UPDATE); });
  EXPECT_EQ(board.resets, 1U);
  board.cause = RESET_USER;
  EXPECT_EQ(boot_determine_reason(), RESET_UPDATE);
  EXPECT_EQ(boot_reason(), RESET_UPDATE);
}

TEST(BootFlags, RequestedReasonIsForgottenWhenTheHardwareSaysOtherwise) {
  FakeBoard board;
  until_reset(board, [] { boot_reset(RESET_UPDATE); });
  board.cause = RESET_WATCHDOG;
  EXPECT_EQ(boot_determine_reason(), RESET_WATCHDOG);
  board.cause = RESET_USER;
  EXPECT_EQ(boot_determine_reason(), RESET_USER);
}

TEST(BootFlags, LadderClimbsWithEveryFailureInARowAndStaysOnTop) {
  FakeBoard board;
  EXPECT_EQ(boot_after(board, RESET_WATCHDOG), RUNG_BACKUP);
  EXPECT_EQ(boot_after(board, RESET_WATCHDOG), RUNG_FACTORY);
  EXPECT_EQ(boot_after(board, RESET_WATCHDOG), RUNG_DFU);
  EXPECT_EQ(boot_after(board, RESET_WATCHDOG), RUNG_DFU);
}

TEST(BootFlags, ConfirmedBootOrPowerCutStartsTheLadderAgain) {
  FakeBoard board;
  boot_after(board, RESET_WATCHDOG);
  boot_confirm();
  EXPECT_EQ(boot_after(board, RESET_WATCHDOG), RUNG_BACKUP);
  EXPECT_EQ(boot_after(board, RESET_POWER_DOWN), RUNG_NONE);
  EXPECT_EQ(boot_after(board, RESET_WATCHDOG), RUNG_BACKUP);
}

TEST(BootFlags, SafeModeIsKeptForTheSystemAndTakenOnce) {
  FakeBoard board;
  until_reset(board, [] { boot_reset_into(BOOT_SAFE_MODE, RESET_SAFE_MODE); });
  EXPECT_EQ(boot_after(board, RESET_USER), RUNG_NONE);
  EXPECT_EQ(boot_take_request(), BOOT_SAFE_MODE);
  EXPECT_TRUE(boot_take_safe_mode());
  EXPECT_FALSE(boot_take_safe_mode());
}

TEST(BootFlags, FactoryResetIsTakenByTheBootloader) {
  FakeBoard board;
  until_reset(board, [] { boot_reset_into(BOOT_FACTORY_RESET, RESET_FACTORY_RESET); });
  EXPECT_EQ(boot_take_request(), BOOT_FACTORY_RESET);
  EXPECT_EQ(boot_take_request(), BOOT_NORMAL);
}

struct Opened {
  Opened() { dct_open(table.get(), 0x08004000, 0x08008000); }
  std::unique_ptr<::dct> table = std::make_unique<::dct>();
};

slot pending_for(std::uint32_t destination) {
  slot made{};
  made.magic = SLOT_PENDING;
  made.destination = destination;
  return made;
}

TEST(Slots, AreFreeOnABlankBoard) {
  FakeBoard board;
  Opened dct;
  for (unsigned i = 0; i < SLOT_COUNT; ++i)
    EXPECT_EQ(slot_at(dct.table.get(), i)->magic, SLOT_FREE);
}

TEST(Slots, SurviveReopeningAndAreFreedOneByOne) {
  FakeBoard board;
  Opened first;
  const slot user = pending_for(0x08080000);
  const slot system = pending_for(0x08020000);
  EXPECT_EQ(slot_put(first.table.get(), &user), 1);
  EXPECT_EQ(slot_put(first.table.get(), &system), 2);
  Opened second;
  EXPECT_EQ(slot_at(second.table.get(), 2)->destination, 0x08020000U);
  EXPECT_EQ(slot_clear(second.table.get(), 1), BOARD_OK);
  Opened third;
  EXPECT_EQ(slot_at(third.table.get(), 1)->magic, SLOT_FREE);
  EXPECT_EQ(slot_at(third.table.get(), 2)->magic, SLOT_PENDING);
}

TEST(Slots, SecondUpdateOfAModuleReplacesTheFirst) {
  FakeBoard board;
  Opened dct;
  const slot user = pending_for(0x08080000);
  EXPECT_EQ(slot_put(dct.table.get(), &user), 1);
  EXPECT_EQ(slot_put(dct.table.get(), &user), 1);
}

TEST(Slots, RunOutAfterFour) {
  FakeBoard board;
  Opened dct;
  for (std::uint32_t i = 1; i <= 4; ++i) {
    const slot one = pending_for(i * 0x20000);
    EXPECT_EQ(slot_put(dct.table.get(), &one), static_cast<int>(i));
  }
  const slot fifth = pending_for(0);
  EXPECT_EQ(slot_put(dct.table.get(), &fifth), BOARD_BAD_ADDRESS);
}

TEST(ApnRecord, KeepsWhatWasWritten) {
  FakeBoard board;
  Opened dct;
  EXPECT_EQ(apn_record_read(dct.table.get()), nullptr);
  EXPECT_EQ(apn_record_write(dct.table.get(), "iot.example.net", "me", nullptr), BOARD_OK);
  Opened later;
  const apn_record* record = apn_record_read(later.table.get());
  ASSERT_NE(record, nullptr);
  EXPECT_STREQ(record->apn, "iot.example.net");
  EXPECT_STREQ(record->user, "me");
  EXPECT_STREQ(record->password, "");
}

TEST(Text, CutsWhatDoesNotFit) {
  std::array<char, 6> buffer{};
  struct text text = text_in(buffer.data(), buffer.size());
  text_add(&text, "ab");
  text_add_number(&text, 1234);
  EXPECT_STREQ(buffer.data(), "ab123");
}

TEST(Text, FindsAndReadsNumbers) {
  const char* at = text_find("+USORD: 0,42", ",") + 1;
  EXPECT_EQ(text_number(&at), 42U);
  EXPECT_EQ(text_find("abc", "d"), nullptr);
  EXPECT_TRUE(text_starts_with("OK\r\n", "OK"));
  EXPECT_FALSE(text_equal("OK", "OKAY"));
}

TEST(Console, WritesOneLineOfKeysAndValues) {
  FakeBoard board;
  struct console_line line = console_line("bootloader");
  console_word(&line, "copy");
  console_number(&line, "ver", 0);
  console_hex(&line, "to", 0x08080000);
  console_send(&line);
  EXPECT_EQ(board.console, "bootloader copy ver=0 to=0x08080000\r\n");
}

}  // namespace
}  // namespace firmware_core
