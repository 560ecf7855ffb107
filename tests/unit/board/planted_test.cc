#include "board/planted.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/rig_error.h"

namespace rig::board {
namespace {

namespace fs = std::filesystem;

constexpr simulator::MemoryRange kFlash{0x08000000, 0x1000};

// Of this test alone: its neighbours run at the same time.
fs::path planted_folder() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const fs::path folder =
      fs::path(::testing::TempDir()) / (std::string(test->test_suite_name()) + "-" + test->name());
  fs::create_directories(folder);
  return folder;
}

scenario::FlashFile file(const std::string& name, std::size_t bytes, std::uint32_t at) {
  const fs::path path = planted_folder() / name;
  std::ofstream(path, std::ios::binary) << std::string(bytes, name[0]);
  return {.file = path, .at = at, .where = "case.yaml:7:5"};
}

std::string complaint(const std::vector<scenario::FlashFile>& files) {
  try {
    static_cast<void>(plant(files, kFlash));
  } catch (const base::UsageError& error) {
    return error.what();
  }
  return "no complaint";
}

TEST(Planted, PutsEveryFileWhereItGoes) {
  const Planted planted =
      plant(std::vector{file("a.bin", 4, 0x08000000), file("b.bin", 4, 0x08000FFC)}, kFlash);
  ASSERT_EQ(planted.flash.size(), 0x1000U);
  EXPECT_EQ(planted.flash[3], 'a');
  EXPECT_EQ(planted.flash[4], 0xFF);
  EXPECT_EQ(planted.flash[0xFFB], 0xFF);
  EXPECT_EQ(planted.flash[0xFFC], 'b');
  EXPECT_EQ(planted.manifest.name, "a");
}

TEST(Planted, TheHashTellsBytesAndPlacesApart) {
  const auto hash_of = [](const scenario::FlashFile& each) {
    return plant(std::vector{each}, kFlash).manifest.hash;
  };
  const std::string hash = hash_of(file("a.bin", 4, 0x08000000));
  EXPECT_EQ(hash, hash_of(file("a.bin", 4, 0x08000000)));
  EXPECT_NE(hash, hash_of(file("a.bin", 8, 0x08000000)));
  EXPECT_NE(hash, hash_of(file("a.bin", 4, 0x08000004)));
}

TEST(Planted, RefusesBytesOutsideTheFlash) {
  for (const auto& each :
       {file("a.bin", 5, 0x08000FFC), file("b.bin", 4, 0x07FFFFFE), file("c.bin", 4, 0xFFFFFFFE)}) {
    const std::string said = complaint({each});
    EXPECT_TRUE(said.starts_with("case.yaml:7:5: ")) << said;
    EXPECT_NE(said.find("the flash is 0x08000000 to 0x08000fff"), said.npos) << said;
  }
}

TEST(Planted, RefusesTwoFilesInOnePlace) {
  EXPECT_NE(
      complaint({file("a.bin", 8, 0x08000000), file("b.bin", 8, 0x08000004)}).find("overlaps"),
      std::string::npos);
  EXPECT_NE(
      complaint({file("b.bin", 2, 0x08000004), file("a.bin", 9, 0x08000000)}).find("0x08000004"),
      std::string::npos);
  EXPECT_EQ(complaint({file("a.bin", 4, 0x08000000), file("b.bin", 8, 0x08000004)}),
            "no complaint");
}

TEST(Planted, SaysWhereTheScenarioNamesAFileForAnotherProcessor) {
  const std::string said =
      complaint({{.file = "/bin/true", .at = std::nullopt, .where = "case.yaml:7:5"}});
  EXPECT_TRUE(said.starts_with("case.yaml:7:5: /bin/true: ")) << said;
}

}  // namespace
}  // namespace rig::board
