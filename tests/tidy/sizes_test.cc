// Each size limit: what just fits is let through, one more is complained about.

#include "sizes.h"

#include <gtest/gtest.h>

namespace tidy {
namespace {

SourceFile sample(std::string text) { return source_file("rig/x/x.cc", std::move(text)); }

std::string repeated(const std::string& line, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

// A function of `lines` lines.
std::string function(const std::string& head, int lines) {
  return head + " {\n" + repeated("  go();\n", lines - 2) + "}\n";
}

TEST(Sizes, FunctionOfLimitPasses) {
  EXPECT_EQ(to_text(check_functions(sample(function("void f()", 70)))), "");
}

TEST(Sizes, LongFunctionIsNamed) {
  EXPECT_EQ(to_text(check_functions(sample("int x;\n" + function("void A::f()", 71)))),
            "rig/x/x.cc:2: lines of f: 71, limit 70\n");
}

TEST(Sizes, MainIsShorter) {
  EXPECT_EQ(to_text(check_functions(sample(function("int main()", 40)))), "");
  EXPECT_EQ(to_text(check_functions(sample(function("int main()", 41)))),
            "rig/x/x.cc:1: lines of main: 41, limit 40\n");
}

TEST(Sizes, FourParametersAreEnough) {
  EXPECT_EQ(to_text(check_functions(sample("void f(int a, int b, int c, int d) {}"))), "");
  EXPECT_EQ(to_text(check_functions(sample("void f(int a, int b, int c, int d, int e) {}"))),
            "rig/x/x.cc:1: parameters of f: 5, limit 4\n");
}

TEST(Sizes, LongFileIsNamed) {
  EXPECT_EQ(to_text(check_length(sample(repeated("int x;\n", 400)))), "");
  EXPECT_EQ(to_text(check_length(sample(repeated("int x;\n", 401)))),
            "rig/x/x.cc:401: lines of a file: 401, limit 400\n");
}

TEST(Sizes, LongLineIsNamed) {
  EXPECT_EQ(to_text(check_length(sample("\n" + std::string(100, 'x') + "\n"))), "");
  EXPECT_EQ(to_text(check_length(sample("\n" + std::string(101, 'x') + "\n"))),
            "rig/x/x.cc:2: letters in a line: 101, limit 100\n");
}

TEST(Sizes, LettersOfSeveralBytesCountOnce) {
  EXPECT_EQ(to_text(check_length(sample(repeated("\xC3\xA4", 100)))), "");
}

}  // namespace
}  // namespace tidy
