// The house rules over this very tree.

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "functions.h"
#include "includes.h"
#include "layout.h"
#include "sizes.h"
#include "words.h"

namespace tidy {
namespace {

class Tree : public testing::Test {
 protected:
  static void SetUpTestSuite() { sources() = read_sources(OTARIG_SOURCE_DIR); }

  static std::vector<SourceFile>& sources() {
    static std::vector<SourceFile> files;
    return files;
  }

  template <class Check>
  static Complaints over_all(Check check) {
    Complaints complaints;
    for (const SourceFile& file : sources()) append(complaints, check(file));
    return complaints;
  }
};

void expect_none(const Complaints& complaints) {
  EXPECT_TRUE(complaints.empty()) << to_text(complaints);
}

// Without this, an empty walk would pass every rule.
TEST_F(Tree, IsWalked) {
  std::size_t functions = 0;
  for (const SourceFile& file : sources()) functions += functions_in(file).size();
  EXPECT_GT(sources().size(), 50U);
  EXPECT_GT(functions, 300U);
}

TEST_F(Tree, HasSmallFunctions) { expect_none(over_all(check_functions)); }

TEST_F(Tree, HasShortFilesAndLines) { expect_none(over_all(check_length)); }

TEST_F(Tree, UsesNoBannedWord) { expect_none(over_all(check_banned_code)); }

TEST_F(Tree, PromisesNothing) { expect_none(over_all(check_unfinished)); }

TEST_F(Tree, HasHeadersThatAreContracts) { expect_none(over_all(check_header)); }

TEST_F(Tree, ChoosesFirmwareByTheLinker) { expect_none(over_all(check_conditionals)); }

TEST_F(Tree, HasAFirmwareCoreThatStandsAlone) { expect_none(over_all(check_firmware_includes)); }

TEST_F(Tree, IncludesDownwardOnly) {
  const std::filesystem::path root = OTARIG_SOURCE_DIR;
  const Modules modules = modules_in(read_text(root / kModuleList));
  ASSERT_TRUE(modules.contains("base"));
  Complaints complaints = check_modules(modules);
  for (const SourceFile& file : sources()) {
    if (file.is_below("rig")) append(complaints, check_includes(file, modules));
  }
  expect_none(complaints);
}

TEST_F(Tree, HasNothingElseAtTheTop) { expect_none(check_top_level(OTARIG_SOURCE_DIR)); }

}  // namespace
}  // namespace tidy
