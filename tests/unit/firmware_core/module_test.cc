#include <gtest/gtest.h>

#include <cstring>

#include "unit/firmware_core/fake_board.h"

namespace firmware_core {
namespace {

constexpr std::uint32_t kSystem = 0x08020000;
constexpr std::uint32_t kUser = 0x08080000;
constexpr std::uint32_t kScratch = 0x080C0000;
constexpr std::array<struct module_region, 2> kRegions{
    {{MODULE_SYSTEM, 1, kSystem, 0x20000}, {MODULE_USER, 1, kUser, 0x20000}}};
constexpr module_map kMap{10, kRegions.size(), kRegions.data()};

struct Sealed {
  std::uint32_t start{kUser};
  std::uint32_t bytes{1000};  // CRC excluded
  std::uint16_t version{1};
  std::uint16_t platform{10};
  std::uint8_t function{MODULE_USER};
  std::uint32_t prefix{};
  module_dependency needs{};
};

std::vector<std::uint8_t> module_of(const Sealed& sealed) {
  std::vector<std::uint8_t> bytes(sealed.bytes + 4, 0x5A);
  module_info info{};
  info.start = sealed.start;
  info.end = sealed.start + sealed.bytes;
  info.version = sealed.version;
  info.platform = sealed.platform;
  info.function = sealed.function;
  info.index = 1;
  info.dependencies[0] = sealed.needs;
  std::memcpy(bytes.data() + sealed.prefix, &info, sizeof info);
  if (sealed.prefix != 0) bytes[3] = 0x20;
  const std::uint32_t crc = crc32(bytes.data(), sealed.bytes);
  for (int i = 0; i < 4; ++i)
    bytes[sealed.bytes + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
  return bytes;
}

module_state state_of(const Sealed& sealed) {
  FakeBoard board;
  board.put(kScratch, module_of(sealed));
  return module_validate(kScratch, &kMap);
}

TEST(Crc32, KnowsTheCheckValue) {
  EXPECT_EQ(crc32("123456789", 9), 0xCBF43926U);
  EXPECT_EQ(crc32("", 0), 0U);
}

TEST(Crc32, IsTheSameInPiecesAtAnyAlignment) {
  alignas(4) std::array<std::uint8_t, 64> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  const std::uint32_t whole = crc32(bytes.data(), 61);
  for (std::uint32_t cut = 0; cut <= 61; ++cut) {
    const std::uint32_t first = crc32_update(CRC32_START, bytes.data(), cut);
    EXPECT_EQ(crc32_final(crc32_update(first, bytes.data() + cut, 61 - cut)), whole) << cut;
  }
}

TEST(Module, SoundOnesAreValidWithAndWithoutVectorTable) {
  EXPECT_EQ(state_of({}), MODULE_VALID);
  EXPECT_EQ(state_of({.start = kSystem, .function = MODULE_SYSTEM, .prefix = MODULE_VECTORS}),
            MODULE_VALID);
}

TEST(Module, ErasedFlashHasNoHeader) {
  FakeBoard board;
  EXPECT_EQ(module_find(kScratch), nullptr);
  EXPECT_EQ(module_validate(kScratch, &kMap), MODULE_NO_HEADER);
}

TEST(Module, EveryWrongBitShowsInTheCrc) {
  FakeBoard board;
  board.put(kScratch, module_of({}));
  for (const std::uint32_t offset : {24U, 500U, 999U, 1003U}) {
    *board.at(kScratch + offset) ^= 0x10;
    EXPECT_EQ(module_validate(kScratch, &kMap), MODULE_BAD_CRC) << offset;
    *board.at(kScratch + offset) ^= 0x10;
  }
}

TEST(Module, ForeignPlatformsStartsAndSizesAreRefused) {
  EXPECT_EQ(state_of({.platform = 6}), MODULE_WRONG_PLATFORM);
  EXPECT_EQ(state_of({.start = kSystem}), MODULE_OUT_OF_RANGE);
  EXPECT_EQ(state_of({.bytes = 0x20000 - 4}), MODULE_VALID);
  EXPECT_EQ(state_of({.bytes = 0x20000}), MODULE_OUT_OF_RANGE);
}

TEST(Module, HeaderAloneIsValidBeforeTheRestIsWritten) {
  FakeBoard board;
  auto bytes = module_of({});
  bytes.resize(24);
  board.put(kScratch, bytes);
  EXPECT_EQ(module_validate_header(kScratch, &kMap), MODULE_VALID);
  EXPECT_EQ(module_validate(kScratch, &kMap), MODULE_BAD_CRC);
}

TEST(Module, DependencyNeedsAnInstalledModuleOfThatVersion) {
  FakeBoard board;
  board.put(kScratch, module_of({.needs = {MODULE_SYSTEM, 1, 700}}));
  const module_info* user = module_find(kScratch);
  module_dependency unmet{};
  EXPECT_FALSE(module_dependencies_met(user, &kMap, &unmet));
  EXPECT_EQ(unmet.version, 700);
  const Sealed system{.start = kSystem, .function = MODULE_SYSTEM, .prefix = MODULE_VECTORS};
  for (const std::uint16_t version : {604, 700, 2000}) {
    Sealed installed = system;
    installed.version = version;
    board.put(kSystem, module_of(installed));
    EXPECT_EQ(module_dependencies_met(user, &kMap, nullptr), version >= 700);
  }
}

TEST(ModuleCopy, MakesTheDestinationEqualAndErasesOnlyItsSectors) {
  FakeBoard board;
  const auto bytes = module_of({.bytes = 65536});
  board.put(kScratch, bytes);
  board.memory[kUser - 1 - FakeBoard::kFlash] = 0;
  const module_copy copy = module_copy_of(kScratch, kUser);
  EXPECT_EQ(copy.length, 65540U);
  EXPECT_EQ(module_copy_run(&copy), BOARD_OK);
  EXPECT_EQ(std::memcmp(board.at(kUser), bytes.data(), bytes.size()), 0);
  EXPECT_EQ(module_validate(kUser, &kMap), MODULE_VALID);
  EXPECT_EQ(board.memory[kUser - 1 - FakeBoard::kFlash], 0);
}

TEST(ModuleCopy, ReportsAControllerThatFails) {
  FakeBoard board;
  board.put(kScratch, module_of({}));
  board.program_fails = true;
  const module_copy copy = module_copy_of(kScratch, kUser);
  EXPECT_EQ(module_copy_run(&copy), BOARD_NOT_PROGRAMMED);
}

}  // namespace
}  // namespace firmware_core
