#include "board/mcu_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/rig_error.h"

namespace rig::board {
namespace {

namespace fs = std::filesystem;
using simulator::McuDescription;
using simulator::McuFamily;

const char* const kGood = R"(family: nordic
flash:
  at: 0x00000000
  size: 24KB
  sectors: [4KB, 5 x 4KB]
  program: 41us
  erase: {4KB: 85ms}
ram: {at: 0x20000000, size: 64KB}
console: 0x40002000
compute_limit: 3s
stubs:
  - {at: 0x40008000, size: 0x1000}
  - {at: 0x10000010, size: 4, values: [0x1000, 0x2000]}
)";

// Of this test alone: its neighbours run at the same time.
fs::path own_folder() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const fs::path folder =
      fs::path(::testing::TempDir()) / (std::string(test->test_suite_name()) + "-" + test->name());
  fs::create_directories(folder);
  return folder;
}

McuDescription read_text(const std::string& text) {
  const fs::path file = own_folder() / "chip.yaml";
  std::ofstream(file) << text;
  return read_mcu(file);
}

// The complaint about the good file with one thing replaced, without the folder in front.
std::string complaint_with(const std::string& what, const std::string& by) {
  std::string text = kGood;
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  text.replace(at, what.size(), by);
  try {
    static_cast<void>(read_text(text));
  } catch (const base::UsageError& error) {
    const std::string said = error.what();
    return said.substr(said.find("chip.yaml"));
  }
  return "no complaint";
}

TEST(McuFile, DescribesAChip) {
  const McuDescription mcu = read_text(kGood);
  EXPECT_EQ(mcu.name, "chip");
  EXPECT_EQ(mcu.family, McuFamily::nordic);
  EXPECT_EQ(mcu.flash.range, (simulator::MemoryRange{0, 24U << 10}));
  ASSERT_EQ(mcu.flash.sectors.size(), 6U);
  EXPECT_EQ(mcu.flash.sectors[5].offset, 20U << 10);
  EXPECT_EQ(mcu.flash.sectors[5].erase_time, std::chrono::milliseconds(85));
  EXPECT_EQ(mcu.flash.word_time, std::chrono::microseconds(41));
  EXPECT_EQ(mcu.compute_limit, std::chrono::seconds(3));
  ASSERT_EQ(mcu.stubs.size(), 2U);
  EXPECT_EQ(mcu.stubs[0].range.size, 0x1000U);
  EXPECT_EQ(mcu.stubs[1].values, (std::vector<std::uint32_t>{0x1000, 0x2000}));
}

TEST(McuFile, ShippedChipsAreReadAndTheBuiltInOneIsAmongThem) {
  const fs::path shelf = OTARIG_SOURCE_DIR "/fixtures/mcus";
  std::size_t count = 0;
  for (const auto& each : fs::directory_iterator(shelf)) {
    EXPECT_NO_THROW(static_cast<void>(read_mcu(each.path()))) << each.path();
    ++count;
  }
  EXPECT_GE(count, 4U);
  const McuDescription file = read_mcu(shelf / "stm32f205.yaml");
  const McuDescription& built_in = simulator::stm32f205();
  EXPECT_EQ(file.flash.range, built_in.flash.range);
  EXPECT_EQ(file.ram, built_in.ram);
  EXPECT_EQ(file.console, built_in.console);
  EXPECT_EQ(file.wired_modem, built_in.wired_modem);
  ASSERT_EQ(file.flash.sectors.size(), built_in.flash.sectors.size());
  for (std::size_t i = 0; i < file.flash.sectors.size(); ++i) {
    EXPECT_EQ(file.flash.sectors[i].offset, built_in.flash.sectors[i].offset);
    EXPECT_EQ(file.flash.sectors[i].erase_time, built_in.flash.sectors[i].erase_time);
  }
}

TEST(McuFile, GeometryMustAddUp) {
  EXPECT_TRUE(complaint_with("5 x 4KB", "4 x 4KB").starts_with("chip.yaml:5:12: the sectors make"));
  EXPECT_TRUE(complaint_with("5 x 4KB", "7 x 4KB").starts_with("chip.yaml:5:12: the sectors make"));
  EXPECT_TRUE(complaint_with("5 x 4KB", "5 x 3KB").starts_with("chip.yaml:5:18: how long"));
  EXPECT_TRUE(complaint_with("5 x 4KB", "0 x 4KB").starts_with("chip.yaml:5:18: '0 x 4KB' is no"));
  EXPECT_TRUE(complaint_with("5 x 4KB", "999999999999 x 4KB").starts_with("chip.yaml:5:18: "));
  EXPECT_TRUE(complaint_with("size: 24KB", "size: 25000").starts_with("chip.yaml:4:9: is no mult"));
  EXPECT_TRUE(complaint_with("size: 24KB", "size: 900MB").starts_with("chip.yaml:4:9: "));
  EXPECT_TRUE(
      complaint_with("at: 0x00000000", "at: 0x08000000").starts_with("chip.yaml:3:3: the "));
}

TEST(McuFile, MemoriesAndStubsAreApart) {
  EXPECT_NE(complaint_with("0x20000000", "0x00005000").find("overlaps the flash"),
            std::string::npos);
  EXPECT_NE(complaint_with("0x20000000", "0x40000000").find("where registers are"),
            std::string::npos);
  EXPECT_NE(complaint_with("0x40008000", "0x20000FFC").find("overlaps the RAM"), std::string::npos);
  EXPECT_NE(complaint_with("0x10000010", "0x40008FFC").find("overlaps the stub at 0x40008000"),
            std::string::npos);
  EXPECT_NE(complaint_with("0x10000010", "0x10000011").find("a multiple of 4"), std::string::npos);
}

TEST(McuFile, KeysAreChecked) {
  EXPECT_TRUE(complaint_with("family: nordic", "family: avr").starts_with("chip.yaml:1:9: "));
  EXPECT_TRUE(complaint_with("console: 0x40002000", "console: 0x20000000")
                  .starts_with("chip.yaml:9:10: is no address of a peripheral"));
  EXPECT_NE(complaint_with("program: 41us", "program: 41").find("duration"), std::string::npos);
  EXPECT_NE(complaint_with("compute_limit", "compute_limits").find("unknown key"),
            std::string::npos);
  EXPECT_NE(complaint_with("[0x1000, 0x2000]", "[]").find("answers nothing"), std::string::npos);
}

}  // namespace
}  // namespace rig::board
