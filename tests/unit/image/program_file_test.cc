// Programs that arm-none-eabi-gcc linked: unit/probe/firmware/counter.c.

#include "image/program_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/rig_error.h"

namespace rig::image {
namespace {

namespace fs = std::filesystem;

const fs::path kPrograms = OTARIG_BUILD_DIR "/tests/probe";

std::string complaint(const fs::path& file, std::optional<std::uint32_t> at = std::nullopt) {
  try {
    static_cast<void>(read_program(file, at));
  } catch (const base::UsageError& error) {
    return error.what();
  }
  return "no complaint";
}

// Of this test alone: its neighbours run at the same time.
fs::path own_folder() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const fs::path folder =
      fs::path(::testing::TempDir()) / (std::string(test->test_suite_name()) + "-" + test->name());
  fs::create_directories(folder);
  return folder;
}

fs::path written(const std::string& name, const base::Bytes& bytes) {
  const fs::path file = own_folder() / name;
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return file;
}

base::Bytes bytes_of_counter() {
  std::ifstream file(kPrograms / "counter.elf", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ProgramFile, AnElfFileSaysWhereItsBytesGo) {
  const ProgramFile elf = read_program(kPrograms / "counter.elf", std::nullopt);
  const ProgramFile raw = read_program(kPrograms / "counter.bin", 0x08000000);
  EXPECT_TRUE(elf.elf);
  EXPECT_FALSE(raw.elf);
  ASSERT_EQ(raw.segments.size(), 1U);
  EXPECT_EQ(raw.segments[0].address, 0x08000000U);
  // What objcopy made of it, put together from the segments at their load addresses.
  base::Bytes together(raw.segments[0].bytes.size(), 0);
  for (const Segment& segment : elf.segments) {
    if (segment.address >= 0x20000000U) continue;  // of the RAM: left out of the raw file
    ASSERT_GE(segment.address, 0x08000000U);
    const std::size_t at = segment.address - 0x08000000U;
    ASSERT_LE(at + segment.bytes.size(), together.size());
    std::copy(segment.bytes.begin(), segment.bytes.end(),
              together.begin() + static_cast<std::ptrdiff_t>(at));
  }
  EXPECT_EQ(together, raw.segments[0].bytes);
}

TEST(ProgramFile, RefusesAnotherArchitecture) {
  const std::string said = complaint("/bin/true");
  EXPECT_NE(said.find("not for ARM"), said.npos) << said;
  EXPECT_NE(said.find("/bin/true: "), said.npos) << said;
}

TEST(ProgramFile, RefusesWhatIsNotLinkedOrDamaged) {
  base::Bytes object = bytes_of_counter();
  base::write_le16(object, 16, 1);  // ET_REL
  EXPECT_NE(complaint(written("object.elf", object)).find("not linked"), std::string::npos);
  base::Bytes cut = bytes_of_counter();
  cut.resize(0x1000);  // the header and its table, not the bytes
  EXPECT_NE(complaint(written("cut.elf", cut)).find("ends behind the file"), std::string::npos);
  cut.resize(20);
  EXPECT_NE(complaint(written("header.elf", cut)).find("damaged"), std::string::npos);
}

TEST(ProgramFile, AsksForAnAddressExactlyWhereOneIsMissing) {
  EXPECT_NE(complaint(kPrograms / "counter.bin").find("at: 0x08000000"), std::string::npos);
  EXPECT_NE(complaint(kPrograms / "counter.elf", 0x08000000).find("leave 'at' out"),
            std::string::npos);
  EXPECT_NE(complaint(written("empty.bin", {}), 0).find("is empty"), std::string::npos);
  EXPECT_NE(complaint("/nowhere.elf").find("/nowhere.elf: "), std::string::npos);
}

}  // namespace
}  // namespace rig::image
