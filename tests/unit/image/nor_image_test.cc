#include "image/nor_image.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "image/flash_layout.h"

namespace rig::image {
namespace {

constexpr std::size_t kBlock = 0x10000;

base::Bytes random_flash() {
  base::Random random(7);
  base::Bytes flash(kFlash.size);
  for (auto& byte : flash) byte = static_cast<std::uint8_t>(random.next());
  return flash;
}

TEST(NorImage, OffsetsAreThoseOfTheBoard) {
  EXPECT_EQ(nor_offset(0), 0U);
  EXPECT_EQ(nor_offset(0x3FFF), 0x3FFFU);
  EXPECT_EQ(nor_offset(0x4000), 0x10000U);
  EXPECT_EQ(nor_offset(0xC123), 0x30123U);
  EXPECT_EQ(nor_offset(0x10000), 0x40000U);
  EXPECT_EQ(nor_offset(0x20000), 0x50000U);
  EXPECT_EQ(nor_offset(0xFFFFF), 0x12FFFFU);
}

// An erase of one sector must leave every other alone.
TEST(NorImage, EverySectorHasItsEraseBlocksForItself) {
  for (const std::size_t sector : {0x4000U, 0x8000U, 0xC000U, 0x10000U, 0x20000U, 0x40000U}) {
    EXPECT_EQ(nor_offset(sector) % kBlock, 0U) << std::hex << sector;
    EXPECT_LT(nor_offset(sector - 1) / kBlock, nor_offset(sector) / kBlock) << std::hex << sector;
  }
}

TEST(NorImage, FlashSurvivesTheWayThereAndBack) {
  const base::Bytes flash = random_flash();
  const base::Bytes nor = nor_image(flash);
  ASSERT_EQ(nor.size(), kNorSize);
  EXPECT_EQ(nor[0x10000], flash[0x4000]);
  EXPECT_EQ(flash_in_nor(nor), flash);
}

TEST(NorImage, WhatNoSectorOwnsIsErased) {
  const base::Bytes nor = nor_image(base::Bytes(kFlash.size, 0x00));
  EXPECT_EQ(std::count(nor.begin(), nor.end(), 0x00), static_cast<long>(kFlash.size));
  EXPECT_EQ(std::count(nor.begin(), nor.end(), 0xFF), static_cast<long>(kNorSize - kFlash.size));
}

}  // namespace
}  // namespace rig::image
