#include <gtest/gtest.h>

#include <cstring>

#include "unit/firmware_core/fake_board.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
extern "C" {
#include "core/update_receiver.h"
}
#pragma GCC diagnostic pop

namespace firmware_core {
namespace {

constexpr std::uint32_t kStart = 0x080C0000;
constexpr update_area kArea{kStart, 0x20000};

class UpdateReceiver : public testing::Test {
 protected:
  // An image of `length` bytes, in chunks of 512.
  void begin(std::uint32_t length) {
    image_.resize(length);
    for (std::uint32_t i = 0; i < length; ++i)
      image_[i] = static_cast<std::uint8_t>(i * 7 + i / 512);
    const cloud_begin offer{1, 512, length, 0, 0x08080000};
    ASSERT_TRUE(update_receiver_accepts(&offer, &kArea));
    std::memset(board_.at(kStart), 0, 1000);
    update_receiver_prepare(&receiver_, &offer, &kArea);
    ASSERT_EQ(update_receiver_erase(&receiver_), BOARD_OK);
    update_receiver_touch(&receiver_, now_);
  }

  update_chunk_fate give(std::uint16_t index) {
    const std::uint32_t offset = index * 512u;
    const auto rest = static_cast<std::uint32_t>(image_.size()) - offset;
    const std::uint32_t length = rest < 512 ? rest : 512;
    const cloud_chunk chunk{crc32(image_.data() + offset, length), index, image_.data() + offset,
                            length};
    return update_receiver_chunk(&receiver_, &chunk, now_);
  }

  std::vector<std::uint16_t> missing() {
    std::vector<std::uint16_t> indices(CLOUD_MOST_MISSING);
    indices.resize(update_receiver_missing(&receiver_, now_, indices.data(), CLOUD_MOST_MISSING));
    return indices;
  }

  FakeBoard board_;
  update_receiver receiver_{};
  std::vector<std::uint8_t> image_;
  std::uint32_t now_{0xFFFFFF00};  // the clock wraps during the transfer
};

TEST_F(UpdateReceiver, PutsChunksOfAnyOrderInTheirPlace) {
  begin(3 * 512 + 6);
  for (const std::uint16_t index : {3, 1, 0, 2}) EXPECT_EQ(give(index), UPDATE_STORED);
  EXPECT_TRUE(update_receiver_complete(&receiver_));
  EXPECT_EQ(std::memcmp(board_.at(kStart), image_.data(), image_.size()), 0);
  EXPECT_EQ(*board_.at(kStart + static_cast<std::uint32_t>(image_.size())), 0xFF);
}

TEST_F(UpdateReceiver, TakesAChunkOnce) {
  begin(1024);
  EXPECT_EQ(give(1), UPDATE_STORED);
  EXPECT_EQ(give(1), UPDATE_REPEATED);
  EXPECT_FALSE(update_receiver_complete(&receiver_));
}

TEST_F(UpdateReceiver, RejectsWhatIsDamagedOrOutOfPlace) {
  begin(1024);
  const std::uint64_t before = board_.operations;
  std::vector<std::uint8_t> data(512, 1);
  cloud_chunk chunk{crc32(data.data(), 512) + 1, 0, data.data(), 512};
  EXPECT_EQ(update_receiver_chunk(&receiver_, &chunk, now_), UPDATE_REJECTED);
  chunk = {crc32(data.data(), 512), 2, data.data(), 512};
  EXPECT_EQ(update_receiver_chunk(&receiver_, &chunk, now_), UPDATE_REJECTED);
  chunk = {crc32(data.data(), 511), 1, data.data(), 511};
  EXPECT_EQ(update_receiver_chunk(&receiver_, &chunk, now_), UPDATE_REJECTED);
  EXPECT_EQ(board_.operations, before);
  EXPECT_EQ(*board_.at(kStart), 0xFF);
}

TEST_F(UpdateReceiver, DoesNotCountAChunkThatFlashDidNotTake) {
  begin(1024);
  board_.program_fails = true;
  EXPECT_EQ(give(0), UPDATE_NOT_PROGRAMMED);
  EXPECT_EQ(missing(), (std::vector<std::uint16_t>{0, 1}));
}

TEST_F(UpdateReceiver, AsksOnlyWhenEverythingWasSentOnce) {
  begin(4 * 512);
  give(0);
  now_ += 60000;
  EXPECT_FALSE(update_receiver_should_ask(&receiver_, now_));
  update_receiver_sent(&receiver_, now_);
  EXPECT_TRUE(update_receiver_should_ask(&receiver_, now_));
  EXPECT_EQ(missing(), (std::vector<std::uint16_t>{1, 2, 3}));
}

TEST_F(UpdateReceiver, AsksAgainAfterThreeSilentSecondsOrWhenAllThatWasAskedCame) {
  begin(60 * 512);
  update_receiver_sent(&receiver_, now_);
  EXPECT_EQ(missing().size(), 50u);
  EXPECT_FALSE(update_receiver_should_ask(&receiver_, now_ + 2999));
  EXPECT_TRUE(update_receiver_should_ask(&receiver_, now_ + 3000));
  EXPECT_EQ(update_receiver_deadline(&receiver_), now_ + 3000);
  for (std::uint16_t i = 0; i < 49; ++i) give(i);
  EXPECT_FALSE(update_receiver_should_ask(&receiver_, now_));
  give(49);
  EXPECT_TRUE(update_receiver_should_ask(&receiver_, now_));
  EXPECT_EQ(missing().size(), 10u);
}

TEST_F(UpdateReceiver, GivesUpNinetySecondsAfterTheLastChunk) {
  begin(1024);
  now_ += 89999;
  EXPECT_FALSE(update_receiver_timed_out(&receiver_, now_));
  give(0);
  EXPECT_EQ(update_receiver_deadline(&receiver_), now_ + 90000);
  now_ += 89999;
  EXPECT_FALSE(update_receiver_timed_out(&receiver_, now_));
  EXPECT_TRUE(update_receiver_timed_out(&receiver_, now_ + 1));
}

TEST_F(UpdateReceiver, RefusesWhatDoesNotFit) {
  const auto accepts = [](const cloud_begin& offer) {
    return update_receiver_accepts(&offer, &kArea);
  };
  EXPECT_TRUE(accepts({1, 512, 0x20000, 0, 0}));
  EXPECT_FALSE(accepts({1, 512, 0x20001, 0, 0}));
  EXPECT_FALSE(accepts({1, 512, 0, 0, 0}));
  EXPECT_FALSE(accepts({1, 0, 1000, 0, 0}));
  EXPECT_FALSE(accepts({1, 510, 1000, 0, 0}));
  EXPECT_FALSE(accepts({1, 1024, 1000, 0, 0}));
  EXPECT_FALSE(accepts({1, 4, 0x20000, 0, 0}));
  EXPECT_FALSE(accepts({1, 512, 1000, 1, 0}));
}

}  // namespace
}  // namespace firmware_core
