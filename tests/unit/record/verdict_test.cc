#include "record/verdict.h"

#include <gtest/gtest.h>

namespace rig::record {
namespace {

std::vector<Verdict> every_verdict() {
  std::vector<Verdict> all;
  for (int i = 0; i <= static_cast<int>(Verdict::flaky_baseline); ++i) {
    all.push_back(static_cast<Verdict>(i));
  }
  return all;
}

TEST(Verdict, NamesComeBack) {
  for (const Verdict verdict : every_verdict()) {
    EXPECT_EQ(verdict_named(name_of(verdict)), verdict);
  }
  EXPECT_EQ(name_of(Verdict::void_trial), "void");
  EXPECT_EQ(name_of(Verdict::user_firmware_lost), "user-firmware-lost");
  EXPECT_EQ(verdict_named("fine"), std::nullopt);
}

TEST(Verdict, ExitCodesFollowTheClass) {
  for (const Verdict verdict : every_verdict()) {
    const int code = exit_code_of(verdict);
    switch (class_of(verdict)) {
      case VerdictClass::pass:
        EXPECT_EQ(code, 0);
        EXPECT_LE(verdict, Verdict::rolled_back);
        break;
      case VerdictClass::degraded:
      case VerdictClass::lost:
        EXPECT_EQ(code, 1);
        break;
      case VerdictClass::no_trial:
        EXPECT_EQ(code, 3);
        EXPECT_GE(verdict, Verdict::void_trial);
        break;
    }
  }
}

TEST(Verdict, ClassesOfTheDesign) {
  EXPECT_EQ(class_of(Verdict::rolled_back), VerdictClass::pass);
  EXPECT_EQ(class_of(Verdict::config_lost), VerdictClass::degraded);
  EXPECT_EQ(class_of(Verdict::user_firmware_lost), VerdictClass::degraded);
  EXPECT_EQ(class_of(Verdict::unreachable), VerdictClass::lost);
  EXPECT_EQ(class_of(Verdict::latent), VerdictClass::lost);
  EXPECT_EQ(class_of(Verdict::void_trial), VerdictClass::no_trial);
}

}  // namespace
}  // namespace rig::record
