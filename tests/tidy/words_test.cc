// Each banned word is caught where it is banned, and let through where it is not what it seems.

#include "words.h"

#include <gtest/gtest.h>

#include <ostream>

namespace tidy {
namespace {

std::string code(const std::string& text, const std::string& path = "rig/modem/x.cc") {
  return to_text(check_banned_code(source_file(path, text)));
}

std::string promise(const std::string& text) {
  return to_text(check_unfinished(source_file("rig/modem/x.cc", text)));
}

struct BannedLine {
  const char* line;
  const char* word;
};

// Names the case in the test's name.
std::ostream& operator<<(std::ostream& to, const BannedLine& banned) { return to << banned.word; }

class BannedWord : public testing::TestWithParam<BannedLine> {};

TEST_P(BannedWord, IsCaught) {
  const std::string complaint = code("int x;\n" + std::string(GetParam().line) + "\n");
  EXPECT_TRUE(complaint.starts_with("rig/modem/x.cc:2: banned: " + std::string(GetParam().word)))
      << complaint;
}

INSTANTIATE_TEST_SUITE_P(
    All, BannedWord,
    testing::Values(BannedLine{"auto* p = new Board(1);", "new"},
                    BannedLine{"auto* p = new int[3];", "new"},
                    BannedLine{"delete[] p;", "delete[]"},
                    BannedLine{"void* p = malloc(3);", "malloc("},
                    BannedLine{"std::shared_ptr<int> p;", "shared_ptr"},
                    BannedLine{"auto p = std::make_shared<int>(1);", "make_shared"},
                    BannedLine{"std::this_thread::sleep_for(1s);", "sleep_for"},
                    BannedLine{"std::this_thread::sleep_until(then);", "sleep_until"},
                    BannedLine{"usleep(100);", "usleep("},
                    BannedLine{"return std::system(line);", "std::system("},
                    BannedLine{"return ::system(line);", "::system("},
                    BannedLine{"FILE* f = popen(line, mode);", "popen("},
                    BannedLine{"int x = rand();", "rand("},
                    BannedLine{"std::mt19937 engine;", "mt19937"}, BannedLine{"goto out;", "goto"},
                    BannedLine{"auto t = std::chrono::steady_clock::now();", "steady_clock::now"},
                    BannedLine{"auto t = std::chrono::high_resolution_clock::now();",
                               "high_resolution_clock::now"}));

TEST(BannedCode, IsNotCommentsStringsAndLongerWords) {
  EXPECT_EQ(code("// a new board, system( it )\nconst char* k = \"new malloc(\";\n"
                 "int new_state = renew(2);\nint operand(int);\n"),
            "");
}

TEST(BannedCode, LeavesFunctionsOfOursAlone) {
  EXPECT_EQ(code("target.system(7); board->system(7); Target::system(7); void system(int);"), "");
  EXPECT_NE(code("#include <cstdlib>\nint x = system(y);"), "");
}

TEST(BannedCode, KnowsWhoMayReadClocks) {
  const std::string line = "auto t = std::chrono::steady_clock::now();";
  EXPECT_EQ(code(line, "rig/io/x.cc"), "");
  EXPECT_EQ(code(line, "rig/cli/x.cc"), "");
  EXPECT_NE(code(line, "rig/explore/x.cc"), "");
}

TEST(BannedCode, KnowsThatFirmwareIsC) {
  EXPECT_EQ(code("int new = 1;", "firmware-under-test/core/x.c"), "");
  EXPECT_NE(code("char *p = malloc(1);", "firmware-under-test/core/x.c"), "");
}

TEST(BannedCode, IsNotLookedForInTests) { EXPECT_EQ(code("new int;", "tests/unit/x.cc"), ""); }

TEST(Unfinished, IsCaughtInCommentsAndStrings) {
  EXPECT_EQ(promise("int x;  // TO"
                    "DO: more\n"),
            "rig/modem/x.cc:1: unfinished: TO"
            "DO; finish it or leave it out\n");
  EXPECT_NE(promise("// FIX"
                    "ME\n"),
            "");
  EXPECT_NE(promise("// XX"
                    "X wrong\n"),
            "");
  EXPECT_NE(promise("throw Error(\"Not "
                    "implemented\");"),
            "");
  EXPECT_NE(promise("// A place"
                    "holder.\n"),
            "");
  EXPECT_NE(promise("// Good enough for "
                    "now.\n"),
            "");
}

TEST(Unfinished, MayBeQuotedByATest) {
  const auto in_test = [](const std::string& text) {
    return to_text(check_unfinished(source_file("tests/unit/x.cc", text)));
  };
  EXPECT_EQ(in_test("// \"Restart for "
                    "now\", they wrote.\n"),
            "");
  EXPECT_NE(in_test("// TO"
                    "DO\n"),
            "");
}

TEST(Unfinished, IsNotTheTemplateOfATemporaryName) {
  EXPECT_EQ(promise("mkdtemp(\"/tmp/otarig-XXXXXX\");"), "");
}

}  // namespace
}  // namespace tidy
