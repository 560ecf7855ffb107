// Layout rules, the top level on trees made in a temporary folder.

#include "layout.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tidy {
namespace {

namespace fs = std::filesystem;

class TopLevel : public testing::Test {
 protected:
  TopLevel() : root_(fs::path(testing::TempDir()) / ("otarig-tidy-" + std::to_string(::getpid()))) {
    fs::create_directories(root_ / "rig");
  }
  ~TopLevel() override { fs::remove_all(root_); }
  TopLevel(const TopLevel&) = delete;
  TopLevel& operator=(const TopLevel&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / name) << text;
  }

  fs::path root_;
};

TEST_F(TopLevel, OfTheDesignPasses) {
  write("README.md", "otarig\n");
  fs::create_directories(root_ / "build" / "debug");
  EXPECT_EQ(to_text(check_top_level(root_)), "");
}

TEST_F(TopLevel, TakesNothingElse) {
  write("notes.txt", "remember\n");
  EXPECT_EQ(to_text(check_top_level(root_)),
            "notes.txt:1: has no place at the top level; see the module map\n");
}

TEST_F(TopLevel, LeavesIgnoredThingsAlone) {
  write(".gitignore", "build/\n.cache/\nreports/out/\n");
  fs::create_directories(root_ / ".cache");
  EXPECT_EQ(to_text(check_top_level(root_)), "");
}

TEST_F(TopLevel, IsWalkedWithoutVersionControl) {
  fs::create_directories(root_ / "rig" / "base");
  write("rig/base/x.cc", "int x;\n");
  write("rig/base/x.txt", "no source\n");
  write("notes.cc", "int y;\n");
  const auto sources = read_sources(root_);
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(sources[0].path, "rig/base/x.cc");
}

std::string header(const std::string& text, const std::string& path = "rig/base/x.h") {
  return to_text(check_header(source_file(path, text)));
}

TEST(Header, OpensWithItsContract) {
  EXPECT_EQ(header("// Byte buffers and the integers in them.\n#pragma once\nint x;\n"), "");
  EXPECT_NE(header("#pragma once\n// Byte buffers and the integers in them.\n"), "");
  EXPECT_NE(header("// Bytes.\n#pragma once\n"), "") << "says nothing";
  EXPECT_NE(header(""), "");
}

TEST(Header, IsReadOnce) {
  EXPECT_NE(header("// Byte buffers and the integers in them.\nint x;\n"), "");
  EXPECT_NE(header("// Byte buffers and the integers in them.\n"), "");
}

TEST(Header, OfATestMayBeBrief) { EXPECT_EQ(header("#pragma once\n", "tests/tidy/x.h"), ""); }

std::string conditionals(const std::string& text, const std::string& path) {
  return to_text(check_conditionals(source_file(path, text)));
}

TEST(FirmwareConditionals, AreRefusedInCore) {
  EXPECT_EQ(conditionals("int x;\n#if POLICY\n#endif\n", "firmware-under-test/core/x.c"),
            "firmware-under-test/core/x.c:2: #if in core/; let the linker choose\n");
  EXPECT_NE(conditionals("#  ifdef POLICY\n#endif\n", "firmware-under-test/core/x.c"), "");
  EXPECT_NE(conditionals("#ifndef POLICY\n#endif\n", "firmware-under-test/core/x.c"), "");
}

TEST(FirmwareConditionals, MayGuardAHeader) {
  const std::string path = "firmware-under-test/core/x.h";
  EXPECT_EQ(conditionals("#ifndef X_H\n#define X_H\n#ifdef __cplusplus\n#endif\n#endif\n", path),
            "");
  EXPECT_NE(conditionals("#ifndef X_H\n#define X_H\n#ifndef Y\n#endif\n#endif\n", path), "");
}

TEST(FirmwareConditionals, AreFreeOutsideOfCore) {
  EXPECT_EQ(conditionals("#if X\n#endif\n", "firmware-under-test/boards/b/x.c"), "");
}

}  // namespace
}  // namespace tidy
