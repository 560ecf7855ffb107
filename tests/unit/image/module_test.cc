#include "image/module.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "unit/image/handmade_module.h"

namespace rig::image {
namespace {

using testing::Handmade;
using testing::handmade_module;

TEST(Module, CrcsOfRigAndTestsAgreeWithThePublishedCheckValue) {
  const base::Bytes digits = base::bytes_of("123456789");
  EXPECT_EQ(base::crc32(digits), 0xCBF43926u);
  EXPECT_EQ(testing::bitwise_crc(digits), 0xCBF43926u);
}

TEST(Module, UserModuleWithItsPrefixInFront) {
  const base::Bytes file = handmade_module({.body = 512});
  const auto info = parse_module(file);
  ASSERT_TRUE(info) << info.error().what;
  EXPECT_EQ(info->start_address, 0x08080000u);
  EXPECT_EQ(info->end_address, 0x08080000u + 548);
  EXPECT_EQ(info->version, 2);
  EXPECT_EQ(info->platform, 10);
  EXPECT_EQ(info->function, ModuleFunction::user);
  EXPECT_EQ(info->index, 1);
  EXPECT_EQ(info->dependencies, (std::vector{Dependency{ModuleFunction::system, 1, 700}}));
  EXPECT_EQ(info->prefix_offset, 0u);
  EXPECT_EQ(info->size, 552u);
  EXPECT_TRUE(info->crc_ok);
  EXPECT_TRUE(info->sha256_ok);
  EXPECT_FALSE(info->product);
}

TEST(Module, PrefixBehindAVectorTable) {
  const auto system = parse_module(handmade_module(testing::handmade_system(700)));
  ASSERT_TRUE(system);
  EXPECT_EQ(system->prefix_offset, 0x184u);
  EXPECT_EQ(system->function, ModuleFunction::system);
  EXPECT_TRUE(system->crc_ok);

  const auto gen3 = parse_module(handmade_module({.prefix_offset = 0x200, .body = 1024}));
  ASSERT_TRUE(gen3);
  EXPECT_EQ(gen3->prefix_offset, 0x200u);
}

TEST(Module, UnusualPrefixIsFoundByScanningButOnlyWhenTheCrcAgrees) {
  base::Bytes file = handmade_module({.prefix_offset = 0x1F84, .body = 9000});
  const auto found = parse_module(file);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(found->prefix_offset, 0x1F84u);

  file[5000] ^= 1;
  const auto lost = parse_module(file);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().fault, ModuleFault::no_prefix);
}

TEST(Module, PrefixBeyondEightKibibytesIsNotLookedFor) {
  const auto info = parse_module(handmade_module({.prefix_offset = 0x2008, .body = 9000}));
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().fault, ModuleFault::no_prefix);
}

TEST(Module, ProductFieldsOfTheLongerSuffix) {
  const auto info = parse_module(handmade_module({.product = true}));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->product, (Product{.id = 321, .version = 7}));
  EXPECT_TRUE(info->sha256_ok);
}

TEST(Module, PaddingBehindTheCrcIsNoPartOfTheModule) {
  base::Bytes file = handmade_module();
  const std::size_t size = file.size();
  file.resize(size + 100, 0xFF);
  const auto info = parse_module(file);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->size, size);
  EXPECT_TRUE(info->crc_ok);
}

TEST(Module, EveryFlippedBitIsSeen) {
  const base::Bytes good = handmade_module({.body = 64});
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    base::Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    EXPECT_FALSE(verified_module(bad)) << "bit " << bit;
  }
}

TEST(Module, WrongCrcIsDataForParseAndAnErrorForVerify) {
  base::Bytes file = handmade_module();
  file[300] ^= 0x10;
  const auto parsed = parse_module(file);
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->crc_ok);
  EXPECT_FALSE(parsed->sha256_ok);
  const auto verified = verified_module(file);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().fault, ModuleFault::crc);
  EXPECT_NE(verified.error().what.find("wrong CRC"), std::string::npos);
}

TEST(Module, TooShortFileSaysHowShort) {
  const auto info = parse_module(base::Bytes(63, 0xFF));
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().fault, ModuleFault::too_short);
  EXPECT_NE(info.error().what.find("63 bytes"), std::string::npos);
}

TEST(Module, TruncatedFileSaysWhatIsMissing) {
  base::Bytes file = handmade_module();
  file.pop_back();
  const auto info = parse_module(file);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().fault, ModuleFault::bounds);
  EXPECT_NE(info.error().what.find("552 bytes"), std::string::npos) << info.error().what;
  EXPECT_NE(info.error().what.find("only 551"), std::string::npos) << info.error().what;
}

TEST(Module, PrefixThatLeavesNoRoomForItsSuffixIsRefused) {
  base::Bytes file = handmade_module();
  testing::put32(file, 4, 0x08080000 + 32);
  const auto info = parse_module(file);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().fault, ModuleFault::bounds);
}

TEST(Module, GarbageNeverPassesNorCrashes) {
  base::Random random(20);
  for (int round = 0; round < 300; ++round) {
    base::Bytes file(random.below(3000));
    for (auto& byte : file) byte = static_cast<std::uint8_t>(random.next());
    EXPECT_FALSE(verified_module(file));
  }
}

TEST(Module, GarbledPrefixesNeverPassNorCrash) {
  base::Random random(21);
  const base::Bytes good = handmade_module({.body = 128});
  for (int round = 0; round < 3000; ++round) {
    base::Bytes file = good;
    file[random.below(24)] = static_cast<std::uint8_t>(random.next());
    file.resize(random.below(file.size() + 1));
    if (file == good) continue;
    EXPECT_FALSE(verified_module(file));
  }
}

TEST(Module, Names) {
  EXPECT_EQ(name_of(ModuleFunction::bootloader), "bootloader");
  EXPECT_EQ(name_of(static_cast<ModuleFunction>(77)), "function-77");
  EXPECT_EQ(function_named("user"), ModuleFunction::user);
  EXPECT_EQ(function_named("asset"), std::nullopt);
  EXPECT_EQ(version_text(604), "0.6.4");
  EXPECT_EQ(version_text(2000), "2.0.0");
}

}  // namespace
}  // namespace rig::image
