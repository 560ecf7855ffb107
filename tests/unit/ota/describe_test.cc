#include "ota/describe.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace rig::ota {
namespace {

constexpr std::string_view kSafeMode =
    R"({"p":10,"imei":"350123","iccid":"8934","m":[)"
    R"({"f":"b","n":0,"v":700,"vc":30,"vv":30,"d":[]},)"
    R"({"f":"s","n":1,"v":604,"vc":30,"vv":30,"d":[{"f":"b","n":0,"v":0}]},)"
    R"({"f":"u","n":1,"v":2,"vc":30,"vv":26,"d":[{"f":"s","n":1,"v":700,"_":""}]}]})";

TEST(Describe, DeviceInSafeMode) {
  const auto describe = parse_describe(kSafeMode);
  ASSERT_TRUE(describe);
  EXPECT_EQ(describe->platform, 10u);
  EXPECT_EQ(describe->imei, "350123");
  EXPECT_EQ(describe->iccid, "8934");
  const DescribedModule* user = describe->module(ModuleFunction::user);
  ASSERT_NE(user, nullptr);
  EXPECT_TRUE(user->intact());
  EXPECT_EQ(user->needs, (std::vector{Requirement{ModuleFunction::system, 700}}));
  EXPECT_FALSE(describe->meets({ModuleFunction::system, 700}));
  EXPECT_TRUE(describe->meets({ModuleFunction::system, 604}));
  EXPECT_TRUE(describe->has(ModuleFunction::user, 2));
  EXPECT_EQ(summary_of(*describe), "user=2 system=604 bootloader=700 missing=system:700");
}

TEST(Describe, CorruptAndAbsentModules) {
  const auto corrupt =
      parse_describe(R"({"p":10,"m":[{"f":"s","n":1,"v":700,"vc":30,"vv":30,"d":[]},)"
                     R"({"f":"u","n":1,"v":2,"vc":30,"vv":28,"d":[{"f":"s","n":1,"v":700}]}]})");
  ASSERT_TRUE(corrupt);
  EXPECT_FALSE(corrupt->has(ModuleFunction::user, 2));
  EXPECT_EQ(summary_of(*corrupt), "user=2 system=700 bootloader=none corrupt=user");
  const auto absent = parse_describe(R"({"m":[{"f":"s","v":700,"vv":30}]})");
  ASSERT_TRUE(absent);
  EXPECT_EQ(summary_of(*absent), "user=none system=700 bootloader=none");
  EXPECT_TRUE(absent->meets({ModuleFunction::bootloader, 0}));
}

TEST(Describe, CorruptModuleMeetsNoNeed) {
  const auto describe = parse_describe(R"({"m":[{"f":"s","v":700,"vc":30,"vv":28}]})");
  ASSERT_TRUE(describe);
  EXPECT_FALSE(describe->meets({ModuleFunction::system, 604}));
  EXPECT_TRUE(describe->meets({ModuleFunction::system, 0}));
}

TEST(Describe, ModulesOfOtherKindsAndBrokenOnesAreSkipped) {
  const auto describe = parse_describe(
      R"({"m":[{"f":"r","v":1,"vv":30},7,{"f":"u"},{"f":"u","v":-1,"vv":2},)"
      R"({"f":"u","v":70000,"vv":2},{"f":"u","v":3,"vv":30,"d":[1,{"f":"s"},{"f":"s","v":7}]}]})");
  ASSERT_TRUE(describe);
  ASSERT_EQ(describe->modules.size(), 1u);
  EXPECT_EQ(describe->modules[0].version, 3);
  EXPECT_EQ(describe->modules[0].needs.size(), 1u);
}

TEST(Describe, WhatIsNoDescribeIsNothing) {
  for (const char* text : {"", "[]", "{}", "null", "{\"m\":{}}", "{\"m\":[", "\xff\xfe", "7"}) {
    EXPECT_FALSE(parse_describe(text)) << text;
  }
  EXPECT_FALSE(parse_describe(R"({"m":[],"x":")" + std::string(900, 'x') + "\"}"));
  EXPECT_FALSE(parse_describe(std::string(800, '[')));
}

TEST(Describe, EveryTruncationAndManyGarblingsAreSurvived) {
  for (std::size_t n = 0; n < kSafeMode.size(); ++n) {
    EXPECT_FALSE(parse_describe(kSafeMode.substr(0, n)));
  }
  base::Random random(5);
  for (int round = 0; round < 20000; ++round) {
    std::string text(kSafeMode);
    for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
      text[random.below(text.size())] = static_cast<char>(random.next());
    }
    if (const auto describe = parse_describe(text)) {
      EXPECT_FALSE(summary_of(*describe).empty());
    }
  }
}

}  // namespace
}  // namespace rig::ota
