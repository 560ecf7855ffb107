// Symbols of an ELF file that arm-none-eabi-gcc wrote: unit/probe/firmware/counter.c.

#include "image/elf_symbols.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/rig_error.h"

namespace rig::image {
namespace {

const std::filesystem::path kFolder = OTARIG_BUILD_DIR "/tests/probe";

std::string complaint(const std::function<void()>& call) {
  try {
    call();
  } catch (const base::UsageError& error) {
    return error.what();
  }
  return "no complaint";
}

TEST(ElfSymbols, FindsFunctionsAndVariables) {
  const ElfSymbols symbols(kFolder / "counter.elf");
  const Symbol tick = symbols.at("tick");
  EXPECT_TRUE(tick.function);
  EXPECT_EQ(tick.address & 1U, 0U);  // it is Thumb, and its bit is none of the address
  EXPECT_GE(tick.address, 0x08000010U);
  EXPECT_LT(tick.address, 0x08004000U);
  EXPECT_GT(tick.size, 0U);
  const Symbol pattern = symbols.at("pattern");
  EXPECT_EQ(pattern, (Symbol{.address = 0x20000000, .size = 16, .function = false}));
  EXPECT_EQ(symbols.at("ram_end").address, 0x20020000U);  // of the linker's script
}

TEST(ElfSymbols, NamesTheNearest) {
  const ElfSymbols symbols(kFolder / "counter.elf");
  const std::string said = complaint([&] { static_cast<void>(symbols.at("tik")); });
  EXPECT_NE(said.find("counter.elf: has no symbol 'tik'. Did you mean 'tick'"), said.npos) << said;
  EXPECT_NE(complaint([&] { static_cast<void>(symbols.at("")); }), "no complaint");
  EXPECT_NE(complaint([&] { static_cast<void>(symbols.at("$t")); }), "no complaint");
}

TEST(ElfSymbols, DoesNotChooseBetweenTwoLocalOnes) {
  const ElfSymbols symbols(kFolder / "counter.elf");
  const std::string said = complaint([&] { static_cast<void>(symbols.at("twin")); });
  EXPECT_NE(said.find("several symbols 'twin': 0x0800"), said.npos) << said;
}

TEST(ElfSymbols, RefusesWhatHasNoSymbols) {
  EXPECT_NE(complaint([] { ElfSymbols(kFolder / "stripped.elf"); }).find("'strip'"),
            std::string::npos);
  EXPECT_NE(complaint([] { ElfSymbols(kFolder / "counter.bin"); }).find("no 32-bit ELF"),
            std::string::npos);
  EXPECT_NE(complaint([] { ElfSymbols("/bin/true"); }).find("no 32-bit ELF"), std::string::npos);
  EXPECT_NE(complaint([] { ElfSymbols("/nowhere.elf"); }).find("/nowhere.elf"), std::string::npos);
  EXPECT_NE(complaint([] { ElfSymbols("/"); }), "no complaint");
}

// Half a file, or one with other bytes somewhere: an error or fewer symbols, never a crash.
TEST(ElfSymbols, SurvivesDamage) {
  std::ifstream in(kFolder / "counter.elf", std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  const auto file = std::filesystem::temp_directory_path() / "otarig-damaged.elf";
  const auto attempt = [&](const std::string& bytes) {
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
    return complaint([&] { static_cast<void>(ElfSymbols(file).at("tick")); });
  };
  EXPECT_EQ(attempt(good), "no complaint");
  EXPECT_NE(attempt(good.substr(0, good.size() / 2)), "no complaint");
  for (std::size_t at = 0; at < good.size(); at += 97) {
    std::string bad = good;
    bad[at] = static_cast<char>(~bad[at]);
    static_cast<void>(attempt(bad));
  }
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace rig::image
