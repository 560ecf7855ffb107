// Which functions are found, how long, with how many parameters: on the shapes that C and C++ take.

#include "functions.h"

#include <gtest/gtest.h>

namespace tidy {
namespace {

std::vector<Function> found_in(std::string text) {
  return functions_in(source_file("rig/x/x.cc", std::move(text)));
}

// "name/lines/parameters" of each, in order.
std::string summary(std::string text) {
  std::string result;
  for (const Function& function : found_in(std::move(text))) {
    result += (result.empty() ? "" : " ") + function.name + "/" + std::to_string(function.lines) +
              "/" + std::to_string(function.parameters);
  }
  return result;
}

TEST(Functions, AreFoundInNamespacesAndClasses) {
  EXPECT_EQ(summary("namespace a::b {\nclass C final : public B {\n public:\n"
                    "  int one() const { return 1; }\n"
                    " private:\n  void two(int a, int b) {\n  }\n  int x_{};\n};\n}\n"),
            "one/1/0 two/2/2");
}

TEST(Functions, BeginWithTheirDeclaration) {
  const auto functions =
      found_in("\n\ntemplate <class T, class U = int>\nvoid\nf(T a,\n  U b)\n{\n}\n");
  ASSERT_EQ(functions.size(), 1U);
  EXPECT_EQ(functions[0].line, 3);
  EXPECT_EQ(functions[0].lines, 6);
  EXPECT_EQ(functions[0].parameters, 2);
}

TEST(Functions, AreNotTypesTablesOrInitialisers) {
  EXPECT_EQ(summary("enum class E : int { a = f(1), b };\nstruct S { int x{3}; int y = g(1); };\n"
                    "const int kTable[] = {f(1), 2};\nFoo foo{f(1)};\n"
                    "static const struct option kOptions[] = {{1}, {2}};\n"),
            "");
}

TEST(Functions, MayReturnAStructByItsTag) {
  EXPECT_EQ(summary("static struct foo *find(struct foo *list, int key)\n{\n    return list;\n}\n"),
            "find/4/2");
}

TEST(Functions, InConstructorsInitialiseInBraces) {
  EXPECT_EQ(summary("A::A(int a) : a_(a), b_{a, {2}}, C<int>{a} {\n  go();\n}\nint after() { }\n"),
            "A/3/1 after/1/0");
}

TEST(Functions, KeepLambdasToThemselves) {
  EXPECT_EQ(summary("int f() {\n  auto g = [](int a, int b) { return a; };\n  return g(1, 2);\n}\n"
                    "const auto kLate = [](int a) {\n return a; };\n"
                    "int h() { return 1; }\n"),
            "f/4/0 h/1/0");
}

TEST(Functions, CountParametersNotCommas) {
  EXPECT_EQ(
      summary("void f(std::map<int, std::pair<A, B>> m, C c = {1, 2}, int (*g)(int, int)) {}"),
      "f/1/3");
  EXPECT_EQ(summary("int f(void)\n{\n}\n"), "f/3/0");
  EXPECT_EQ(summary("std::function<void(int, int)> make(int a) { return {}; }"), "make/1/1");
}

TEST(Functions, ThatALibraryCallsBackHaveTheParametersItWants) {
  EXPECT_EQ(summary("void on_write(uc_engine*, int kind, long at, int size, long v, void* me) {}"),
            "on_write/1/0");
}

TEST(Functions, MayBeOperators) {
  EXPECT_EQ(summary("bool A::operator==(const A& o) const { return x == o.x; }\n"
                    "A& A::operator=(A&& o) noexcept { return *this; }\n"
                    "int operator()(int a, int b) { return a; }\n"),
            "operator__/1/1 operator_/1/1 operator__/1/2");
}

TEST(Functions, MayCarryAttributes) {
  EXPECT_EQ(summary("[[nodiscard]] int f(int a) { return a; }\n"
                    "__attribute__((noreturn, section(\".x\"))) void g(void) { for (;;) {} }\n"
                    "struct __attribute__((packed)) s { int x; };\n"),
            "f/1/1 g/1/0");
}

TEST(Functions, AreNotSeenInCommentsStringsAndDirectives) {
  EXPECT_EQ(summary("// int a() { }\n/* int b() { } */\nconst char* kC = \"int c() { }\";\n"
                    "#define D(x) \\\n  int d() { }\nconst char k = '{';\n"
                    "const char* kRaw = R\"(int e() { \" })\";\nint f() { return 1'000; }\n"),
            "f/1/0");
}

TEST(Functions, OfGoogleTestHaveNoParameters) {
  EXPECT_EQ(summary("TEST_F(A, B) {\n}\nINSTANTIATE_TEST_SUITE_P(A, B, Values(1, 2, 3, 4, 5),\n"
                    "  [](const auto& info) { return name(info); });\nint main() { }\n"),
            "TEST_F/2/0 main/1/0");
}

}  // namespace
}  // namespace tidy
