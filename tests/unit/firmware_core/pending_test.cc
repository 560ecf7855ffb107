#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "unit/firmware_core/sealed_module.h"

extern "C" {
#include "products/electron/bootloader/pending.h"
#include "products/electron/bootloader/policy.h"

void policy_apply_0_6_4(const struct slot_job* job);
void policy_apply_0_7_0(const struct slot_job* job);
void policy_apply_2_0_0(const struct slot_job* job);
}

namespace firmware_core {
namespace {

using Policy = void (*)(const slot_job*);
Policy linked_policy = policy_apply_2_0_0;

}  // namespace
}  // namespace firmware_core

// What the linker chooses on the board.
void policy_apply(const slot_job* job) { firmware_core::linked_policy(job); }

namespace firmware_core {
namespace {

constexpr std::uint32_t kDctFirst = 0x08004000;
constexpr std::uint32_t kDctSecond = 0x08008000;

const std::vector<std::uint8_t> kOld = module_of({.bytes = 4000, .version = 1});
const std::vector<std::uint8_t> kNext = module_of({.bytes = 4000, .version = 2});

struct Boot {
  ::dct dct;
};

void boot(void* argument) {
  auto* run = static_cast<Boot*>(argument);
  dct_open(&run->dct, kDctFirst, kDctSecond);
  pending_apply(&run->dct);
}

void boot_once() {
  auto run = std::make_unique<Boot>();
  boot(run.get());
}

bool boot_with_cut(FakeBoard& board, std::uint64_t at, Torn torn) {
  auto run = std::make_unique<Boot>();
  return board.cut(at, torn, boot, run.get());
}

int leave_slot(std::uint32_t source) {
  auto run = std::make_unique<Boot>();
  dct_open(&run->dct, kDctFirst, kDctSecond);
  const slot pending = slot_for_module(source);
  return slot_put(&run->dct, &pending);
}

bool slot_is_pending() {
  auto run = std::make_unique<Boot>();
  dct_open(&run->dct, kDctFirst, kDctSecond);
  return slot_at(&run->dct, 1)->magic == SLOT_PENDING;
}

bool holds(FakeBoard& board, std::uint32_t address, const std::vector<std::uint8_t>& image) {
  return std::equal(image.begin(), image.end(), board.at(address));
}

// Version 1 installed, version 2 pending.
void prepare(FakeBoard& board) {
  board.put(kUser, kOld);
  board.put(kScratch, kNext);
  ASSERT_EQ(leave_slot(kScratch), 1);
}

class Policies : public testing::TestWithParam<Policy> {
 protected:
  void SetUp() override { linked_policy = GetParam(); }
};

TEST_P(Policies, CopyThePendingModuleAndFreeItsSlot) {
  FakeBoard board;
  prepare(board);
  boot_once();
  EXPECT_TRUE(holds(board, kUser, kNext));
  EXPECT_FALSE(slot_is_pending());
  EXPECT_EQ(board.console,
            "bootloader copy module=user ver=2 from=0x080c0000 to=0x08080000 len=4004\r\n"
            "bootloader copied module=user result=ok\r\n");
}

TEST_P(Policies, NeverCopyADamagedSource) {
  FakeBoard board;
  prepare(board);
  *board.at(kScratch + 2000) ^= 1;
  boot_once();
  EXPECT_TRUE(holds(board, kUser, kOld));
  EXPECT_FALSE(slot_is_pending());
  EXPECT_EQ(board.console, "bootloader slot=1 dropped reason=crc\r\n");
}

TEST_P(Policies, NeverWriteOverTheBootloader) {
  FakeBoard board;
  board.put(kScratch, module_of({.start = 0x08000000, .function = MODULE_BOOTLOADER}));
  leave_slot(kScratch);
  boot_once();
  EXPECT_EQ(board.console, "bootloader slot=1 dropped reason=range\r\n");
  EXPECT_EQ(*board.at(0x08000000), 0xFF);
}

INSTANTIATE_TEST_SUITE_P(All, Policies,
                         testing::Values(policy_apply_0_6_4, policy_apply_0_7_0,
                                         policy_apply_2_0_0));

struct Tally {
  std::uint64_t cuts{};
  std::uint64_t finished{};   // the next boot completes the update
  std::uint64_t destroyed{};  // neither module is whole, and nothing is pending any more
};

// Only the first words of the copy and its end differ from each other: between them every fifth.
std::uint64_t after(std::uint64_t at) { return at < 40 || at > 990 ? at + 1 : at + 5; }

// Cuts the boot that applies the update in every way.
Tally cut_everywhere(FakeBoard& board) {
  const std::vector<std::uint8_t> flash = board.memory;
  Tally tally;
  for (const Torn torn : kAllTorn) {
    for (std::uint64_t at = 0;; at = after(at)) {
      board.memory = flash;
      if (!boot_with_cut(board, at, torn)) break;
      boot_once();
      const bool next = holds(board, kUser, kNext);
      ++tally.cuts;
      tally.finished += next ? 1 : 0;
      tally.destroyed += !next && !holds(board, kUser, kOld) && !slot_is_pending() ? 1 : 0;
    }
  }
  return tally;
}

TEST(PowerCutWhileCopying, Is064AndIs200MadeGoodByTheNextBoot) {
  for (const Policy policy : {policy_apply_0_6_4, policy_apply_2_0_0}) {
    linked_policy = policy;
    FakeBoard board;
    prepare(board);
    const Tally tally = cut_everywhere(board);
    EXPECT_GT(tally.cuts, 1200U);
    EXPECT_EQ(tally.finished, tally.cuts);
  }
}

TEST(PowerCutWhileCopying, Destroys070WhenTheSlotIsFreeAlready) {
  linked_policy = policy_apply_0_7_0;
  FakeBoard board;
  prepare(board);
  const Tally tally = cut_everywhere(board);
  EXPECT_GT(tally.destroyed, tally.cuts * 9 / 10);
  EXPECT_GT(tally.finished, 0U) << "cuts before the slot is freed are harmless";
}

TEST(PowerCutWhileCopying, FailedCopyKeepsTheSlotOf200Only) {
  for (const auto& [policy, kept] : {std::pair<Policy, bool>{policy_apply_0_6_4, false},
                                     std::pair<Policy, bool>{policy_apply_0_7_0, false},
                                     std::pair<Policy, bool>{policy_apply_2_0_0, true}}) {
    linked_policy = policy;
    FakeBoard board;
    prepare(board);
    board.broken_word = kUser + 400;
    boot_once();
    EXPECT_EQ(slot_is_pending(), kept);
  }
}

}  // namespace
}  // namespace firmware_core
