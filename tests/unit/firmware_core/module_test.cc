#include <gtest/gtest.h>

#include <cstring>

#include "unit/firmware_core/sealed_module.h"

namespace firmware_core {
namespace {

constexpr std::array<struct module_region, 2> kRegions{
    {{MODULE_SYSTEM, 1, kSystem, 0x20000}, {MODULE_USER, 1, kUser, 0x20000}}};
constexpr module_map kMap{10, kRegions.size(), kRegions.data()};

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
