#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>

#include "unit/firmware_core/fake_board.h"

namespace firmware_core {
namespace {

constexpr std::uint32_t kFirst = 0x08004000;
constexpr std::uint32_t kSecond = 0x08008000;

using Image = std::array<std::uint8_t, DCT_DATA_SIZE>;

Image opened_image() {
  auto dct = std::make_unique<::dct>();
  dct_open(dct.get(), kFirst, kSecond);
  Image image{};
  std::memcpy(image.data(), dct->data, image.size());
  return image;
}

struct Write {
  std::uint32_t offset;
  std::vector<std::uint32_t> words;
};

Image with(Image image, const Write& write) {
  std::memcpy(image.data() + write.offset, write.words.data(), write.words.size() * 4);
  return image;
}

// C code with a plain argument, as FakeBoard::cut() wants it.
struct WriteJob {
  ::dct dct;
  std::uint32_t offset;
  const void* data;
  std::uint32_t length;
  int result;
};

void do_write(void* argument) {
  auto* job = static_cast<WriteJob*>(argument);
  dct_open(&job->dct, kFirst, kSecond);
  job->result = dct_write(&job->dct, job->offset, job->data, job->length);
}

// True when the power failed in operation `at`.
bool write_with_cut(FakeBoard& board, const Write& write, std::uint64_t at, Torn torn) {
  auto job = std::make_unique<WriteJob>();
  job->offset = write.offset;
  job->data = write.words.data();
  job->length = static_cast<std::uint32_t>(write.words.size() * 4);
  return board.cut(at, torn, do_write, job.get());
}

constexpr std::uint64_t kNever = ~std::uint64_t{0} / 2;

void write_all(FakeBoard& board, const Write& write) {
  ASSERT_FALSE(write_with_cut(board, write, kNever, Torn::old));
}

Write numbered(std::uint32_t offset, std::uint32_t words, std::uint32_t seed) {
  Write write{.offset = offset, .words = std::vector<std::uint32_t>(words)};
  std::iota(write.words.begin(), write.words.end(), seed * 0x01010101U);
  return write;
}

// Every second call of it changes every byte again.
Write slot_write(std::uint32_t seed) { return numbered(DCT_SLOTS_OFFSET, 5, seed); }

std::uint32_t end_of_log() {
  auto dct = std::make_unique<::dct>();
  dct_open(dct.get(), kFirst, kSecond);
  return dct->log.end;
}

// So full that the next slot does not fit the sector any more.
void fill(FakeBoard& board) {
  std::uint32_t seed = 1;
  do {
    write_all(board, slot_write(++seed));
  } while (end_of_log() + 32 <= DCT_SECTOR_SIZE);
}

TEST(Dct, BlankSectorsReadAsBlankImage) {
  FakeBoard board;
  Image blank{};
  blank.fill(0xFF);
  EXPECT_EQ(opened_image(), blank);
}

TEST(Dct, KeepsWhatWasWrittenAcrossManySectorChanges) {
  FakeBoard board;
  Image expected = opened_image();
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const Write write = numbered((i * 52) % 2800, 1 + i % 13, i);
    write_all(board, write);
    expected = with(expected, write);
  }
  EXPECT_EQ(opened_image(), expected);
}

TEST(Dct, WritingTheSameBytesCostsNothing) {
  FakeBoard board;
  write_all(board, slot_write(1));
  EXPECT_FALSE(write_with_cut(board, slot_write(1), 0, Torn::old));
}

TEST(Dct, SlotCostsEightWords) {
  FakeBoard board;
  write_all(board, slot_write(1));
  EXPECT_FALSE(write_with_cut(board, slot_write(2), 8, Torn::old));
  EXPECT_TRUE(write_with_cut(board, slot_write(3), 7, Torn::old));
}

TEST(Dct, RefusesWritesOutsideTheImage) {
  FakeBoard board;
  auto dct = std::make_unique<::dct>();
  dct_open(dct.get(), kFirst, kSecond);
  const std::uint32_t word = 1;
  EXPECT_EQ(dct_write(dct.get(), DCT_DATA_SIZE, &word, 4), BOARD_BAD_ADDRESS);
  EXPECT_EQ(dct_write(dct.get(), 2, &word, 4), BOARD_BAD_ADDRESS);
  EXPECT_EQ(dct_write(dct.get(), 0, &word, 3), BOARD_BAD_ADDRESS);
}

TEST(Dct, FailedWriteLeavesTheImageOfTheFlash) {
  FakeBoard board;
  write_all(board, slot_write(1));
  auto dct = std::make_unique<::dct>();
  dct_open(dct.get(), kFirst, kSecond);
  const Image before = opened_image();
  board.program_fails = true;
  const std::uint32_t word = 7;
  EXPECT_EQ(dct_write(dct.get(), 0, &word, 4), BOARD_NOT_PROGRAMMED);
  EXPECT_EQ(std::memcmp(dct->data, before.data(), before.size()), 0);
}

using Sectors = std::array<std::uint8_t, 2 * DCT_SECTOR_SIZE>;

Sectors sectors_of(FakeBoard& board) {
  Sectors sectors{};
  std::copy_n(board.at(kFirst), sectors.size(), sectors.begin());
  return sectors;
}

void restore(FakeBoard& board, const Sectors& sectors) {
  std::copy(sectors.begin(), sectors.end(), board.at(kFirst));
}

struct Outcome {
  std::uint64_t cuts{};
  std::uint64_t before{};
  std::uint64_t after{};
};

// Cuts `write` in every flash operation and every way, starting from the same flash each time, and
// demands the image before or after it, and that the same write succeeds afterwards.
Outcome cut_everywhere(FakeBoard& board, const Write& write) {
  const Sectors flash = sectors_of(board);
  const Image before = opened_image();
  const Image after = with(before, write);
  Outcome outcome;
  for (const Torn torn : kAllTorn) {
    for (std::uint64_t at = 0;; ++at) {
      restore(board, flash);
      if (!write_with_cut(board, write, at, torn)) break;
      const Image found = opened_image();
      ++outcome.cuts;
      outcome.before += found == before ? 1 : 0;
      outcome.after += found == after ? 1 : 0;
      write_all(board, write);
      EXPECT_EQ(opened_image(), after) << "write after the cut at " << at;
    }
  }
  restore(board, flash);
  return outcome;
}

void expect_atomic(FakeBoard& board, const Write& write) {
  const Outcome outcome = cut_everywhere(board, write);
  EXPECT_GT(outcome.before, 0U);
  EXPECT_GT(outcome.after, 0U);
  EXPECT_EQ(outcome.before + outcome.after, outcome.cuts);
}

TEST(Dct, FirstWriteIsAtomic) {
  FakeBoard board;
  expect_atomic(board, slot_write(1));
}

TEST(Dct, AppendedRecordIsAtomic) {
  FakeBoard board;
  write_all(board, slot_write(1));
  write_all(board, numbered(DCT_APN_OFFSET, 33, 5));
  expect_atomic(board, slot_write(2));
}

TEST(Dct, ChangeOfSectorsIsAtomic) {
  FakeBoard board;
  write_all(board, numbered(DCT_APN_OFFSET, 33, 5));
  fill(board);
  const Outcome outcome = cut_everywhere(board, slot_write(1000));
  EXPECT_GT(outcome.cuts, 100U) << "the sector was not full, no change was cut";
  EXPECT_EQ(outcome.before + outcome.after, outcome.cuts);
}

TEST(Dct, SurvivesACutInTheRepairOfACut) {
  FakeBoard board;
  write_all(board, numbered(DCT_APN_OFFSET, 4, 5));
  fill(board);
  const Write write = slot_write(1000);
  const Sectors full = sectors_of(board);
  for (const Torn torn : kAllTorn) {
    for (std::uint64_t at = 0;; at += 23) {
      restore(board, full);
      if (!write_with_cut(board, write, at, torn)) break;
      const Outcome outcome = cut_everywhere(board, slot_write(1100));
      ASSERT_EQ(outcome.before + outcome.after, outcome.cuts) << "first cut at " << at;
    }
  }
}

TEST(Dct, OlderSectorNeverWins) {
  FakeBoard board;
  fill(board);
  write_all(board, slot_write(1000));
  write_all(board, slot_write(1001));
  const Image expected = opened_image();
  auto dct = std::make_unique<::dct>();
  dct_open(dct.get(), kFirst, kSecond);
  std::fill_n(board.at(dct->other) + 12, 64, std::uint8_t{0x00});
  EXPECT_EQ(opened_image(), expected);
}

}  // namespace
}  // namespace firmware_core
