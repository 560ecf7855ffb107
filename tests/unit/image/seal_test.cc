#include "image/seal.h"

#include <gtest/gtest.h>

#include "unit/image/handmade_module.h"

namespace rig::image {
namespace {

using testing::Handmade;

SealOptions options_for(const Handmade& wanted) {
  SealOptions options{.function = static_cast<ModuleFunction>(wanted.function),
                      .index = wanted.index,
                      .version = wanted.version,
                      .platform = wanted.platform,
                      .start_address = wanted.start,
                      .prefix_offset = wanted.prefix_offset};
  if (wanted.needs_function != 0) {
    options.dependencies.push_back({static_cast<ModuleFunction>(wanted.needs_function),
                                    wanted.needs_index, wanted.needs_version});
  }
  if (wanted.product) options.product = Product{.id = 321, .version = 7};
  return options;
}

base::Bytes raw_of(const Handmade& wanted) {
  base::Bytes raw = testing::body_of(wanted);
  std::fill_n(raw.begin() + static_cast<std::ptrdiff_t>(wanted.prefix_offset), 24, std::uint8_t{0});
  return raw;
}

class SealedIsHandmade : public ::testing::TestWithParam<Handmade> {};

TEST_P(SealedIsHandmade, ByteForByte) {
  const auto sealed = seal_module(raw_of(GetParam()), options_for(GetParam()));
  ASSERT_TRUE(sealed) << sealed.error().what;
  EXPECT_EQ(*sealed, testing::handmade_module(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Modules, SealedIsHandmade,
                         ::testing::Values(testing::handmade_user(2, 700),
                                           testing::handmade_system(604),
                                           testing::handmade_bootloader(2000),
                                           Handmade{.product = true}));

TEST(Seal, OddLengthIsFilledToAWord) {
  const Handmade user = testing::handmade_user(1, 604);
  base::Bytes raw = raw_of(user);
  raw.erase(raw.end() - 3, raw.end());
  const auto sealed = seal_module(raw, options_for(user));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->size() % 4, 0u);
  EXPECT_TRUE(verified_module(*sealed));
}

TEST(Seal, PadToGivesTheSizeBeforeTheCrcAndFixedFilling) {
  const Handmade user = testing::handmade_user(2, 700);
  SealOptions options = options_for(user);
  options.pad_to = 65536;
  const auto once = seal_module(raw_of(user), options);
  ASSERT_TRUE(once) << once.error().what;
  EXPECT_EQ(once->size(), 65540u);
  EXPECT_EQ(verified_module(*once)->end_address, 0x08090000u);
  EXPECT_EQ(*once, *seal_module(raw_of(user), options));

  options.version = 3;
  const auto other = seal_module(raw_of(user), options);
  const auto same = std::mismatch(once->begin() + 512, once->begin() + 60000, other->begin() + 512);
  EXPECT_LT(same.first - once->begin(), 600);  // versions differ in their filling
}

std::string refusal(base::Bytes raw, const SealOptions& options) {
  const auto sealed = seal_module(std::move(raw), options);
  return sealed ? "sealed" : sealed.error().what;
}

TEST(Seal, RefusesWhatCannotBeWritten) {
  const Handmade user = testing::handmade_user(2, 700);
  SealOptions options = options_for(user);
  EXPECT_NE(refusal(base::Bytes(20, 0), options).find("too short"), std::string::npos);
  EXPECT_NE(refusal(base::Bytes(512, 0x42), options).find("in use"), std::string::npos);

  options.pad_to = 512;
  EXPECT_NE(refusal(raw_of(user), options).find("548 bytes"), std::string::npos);
  options.pad_to = 1026;
  EXPECT_NE(refusal(raw_of(user), options).find("multiple of 4"), std::string::npos);
  options.pad_to = 0;
  options.start_address = 0xFFFFFFF0;
  EXPECT_NE(refusal(raw_of(user), options).find("address space"), std::string::npos);
  options.start_address = 0x08080002;
  EXPECT_NE(refusal(raw_of(user), options).find("multiple of 4"), std::string::npos);
  options = options_for(user);
  options.dependencies.assign(3, options.dependencies.front());
  EXPECT_NE(refusal(raw_of(user), options).find("room for two"), std::string::npos);
  options = options_for(user);
  options.prefix_offset = 0x182;
  EXPECT_NE(refusal(raw_of(user), options).find("0x182"), std::string::npos);
}

TEST(Seal, ResealRepairsHashAndCrcAndKeepsPadding) {
  base::Bytes module = testing::handmade_module();
  const std::size_t size = module.size();
  module.resize(size + 8, 0xEE);
  module[100] ^= 0xFF;
  ASSERT_FALSE(verified_module(module));
  const auto again = reseal(module);
  ASSERT_TRUE(again);
  const auto info = verified_module(*again);
  ASSERT_TRUE(info);
  EXPECT_TRUE(info->sha256_ok);
  EXPECT_EQ(again->size(), size + 8);
  EXPECT_EQ(again->back(), 0xEE);
}

}  // namespace
}  // namespace rig::image
