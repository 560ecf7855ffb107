// The policy file: what it names, and how it complains.
#include "gate/policy.h"

#include <gtest/gtest.h>

#include "base/rig_error.h"

namespace rig::gate {
namespace {

Policy read(const std::string& text) { return parse_policy(text, "release.yaml"); }

std::string complaint(const std::string& text) {
  try {
    (void)read(text);
  } catch (const base::UsageError& error) {
    return error.what();
  }
  return "";
}

constexpr const char* kHead = "policy: release\nscenarios: [electron/a]\n";

void expect_complaint(const std::string& rest, const std::string& place, const std::string& part) {
  const std::string said = complaint(kHead + rest);
  EXPECT_EQ(said.rfind("release.yaml:" + place, 0), 0U) << said;
  EXPECT_NE(said.find(part), std::string::npos) << said;
}

TEST(PolicyFile, IsReadWhole) {
  const Policy policy = read(
      "policy: release\n"
      "scenarios: [electron/a, electron/b]\n"
      "firmware: {name: electron-2.0.0, hash: 3fa1, from: {user_app: v1}, to: {system: 0.7.0}}\n"
      "confidence: 99%\nmax_failure_rate: 1%\nlanded: 80%\ncontrols: 3\n"
      "phases:\n  applying: {cuts: 30, max_failure_rate: 5%}\n  downloading: {cuts: 20}\n"
      "emulated: {failures: 1, coverage: 100%}\n"
      "boards: {least: 3, cuts_each: 40, names: [desk-1, desk-2], kinds: [serial, qemu]}\n"
      "sequential: {good: 0.1%, bad: 1%, alpha: 2%, beta: 5%, most: 3000}\n");
  EXPECT_EQ(policy.name, "release");
  EXPECT_EQ(policy.scenarios, (std::vector<std::string>{"electron/a", "electron/b"}));
  EXPECT_EQ(policy.firmware.name, "electron-2.0.0");
  EXPECT_EQ(policy.firmware.hash, "3fa1");
  EXPECT_EQ(policy.firmware.from.at("user_app"), "v1");
  EXPECT_EQ(policy.firmware.to.at("system"), "0.7.0");
  EXPECT_DOUBLE_EQ(policy.confidence, 0.99);
  EXPECT_DOUBLE_EQ(policy.max_rate.value(), 0.01);
  EXPECT_DOUBLE_EQ(policy.landed, 0.8);
  EXPECT_EQ(policy.controls, 3U);
  ASSERT_EQ(policy.phases.size(), 2U);
  EXPECT_EQ(policy.phases[0].phase, "applying");
  EXPECT_EQ(policy.phases[0].cuts, 30U);
  EXPECT_DOUBLE_EQ(policy.phases[0].max_rate.value(), 0.05);
  EXPECT_FALSE(policy.phases[1].max_rate.has_value());
  EXPECT_EQ(policy.emulated->failures, 1U);
  EXPECT_DOUBLE_EQ(policy.emulated->coverage, 1);
  EXPECT_EQ(policy.boards->least, 3U);
  EXPECT_EQ(policy.boards->cuts_each, 40U);
  EXPECT_EQ(policy.boards->kinds.size(), 2U);
  EXPECT_DOUBLE_EQ(policy.sequential->alpha, 0.02);
  EXPECT_EQ(policy.sequential->most, 3'000U);
}

TEST(PolicyFile, ItsDefaultsAreTheStrictOnes) {
  const Policy policy = read(std::string(kHead) + "emulated: {}\n");
  EXPECT_DOUBLE_EQ(policy.confidence, 0.95);
  EXPECT_EQ(policy.emulated->failures, 0U);
  EXPECT_EQ(policy.controls, 1U);
  EXPECT_FALSE(policy.boards.has_value());
}

TEST(PolicyFile, NamesThePlaceOfASlip) {
  expect_complaint("max_failure_rte: 1%\n", "3:1", "Did you mean 'max_failure_rate'?");
  expect_complaint("max_failure_rate: 0.01\n", "3:19", "is no percentage");
  expect_complaint("emulated: {coverage: 120%}\n", "3:22", "is no percentage");
  expect_complaint("phases: {applying: {cuts: 0}}\n", "3:27", "whole number from 1");
  expect_complaint("phases:\n  applying: {cuts: 2}\n  applying: {cuts: 3}\n", "5:3",
                   "a second time");
  expect_complaint("boards: {kinds: [serail]}\n", "3:18", "Did you mean 'serial'?");
  EXPECT_NE(complaint("policy: x\n").find("'scenarios' is missing"), std::string::npos);
  EXPECT_NE(complaint("policy: x\nscenarios: []\nemulated: {}\n").find("empty"), std::string::npos);
}

TEST(PolicyFile, RefusesWhatCannotBe) {
  expect_complaint("max_failure_rate: 0%\n", "3:19", "no number of cuts proves 0%");
  expect_complaint("max_failure_rate: 100%\n", "3:19", "everything satisfies 100%");
  expect_complaint("emulated: {}\nconfidence: 100%\n", "4:13", "between 50% and 100%");
  expect_complaint("emulated: {}\nconfidence: 5%\n", "4:13", "between 50% and 100%");
  expect_complaint("phases: {applying: {}}\n", "3:20", "demands nothing");
  expect_complaint("confidence: 95%\n", "1:1", "accepts anything");
}

TEST(PolicyFile, RefusesContradictions) {
  expect_complaint("boards: {least: 1, names: [a, b]}\n", "3:17", "2 boards are named");
  expect_complaint("emulated: {}\nsequential: {good: 1%, bad: 1%, most: 10}\n", "4:20",
                   "'good' must be below 'bad'");
  expect_complaint("max_failure_rate: 1%\nsequential: {good: 1%, bad: 5%, most: 3000}\n", "4:29",
                   "above max_failure_rate 1%");
  expect_complaint("max_failure_rate: 1%\nsequential: {good: 0.1%, bad: 1%, most: 298}\n", "4:41",
                   "needs 299 without a failure");
  EXPECT_EQ(complaint(std::string(kHead) +
                      "max_failure_rate: 1%\nsequential: {good: 0.1%, bad: 1%, most: 299}\n"),
            "");
  expect_complaint("emulated: {}\nsequential: {good: 0.1%, bad: 1%, alpha: 50%, most: 9}\n", "4:42",
                   "between 0% and 50%");
}

TEST(PolicyFile, ThatIsNotThereIsNamed) {
  try {
    (void)read_policy("/no/such/policy.yaml");
    FAIL();
  } catch (const base::UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("/no/such/policy.yaml"), std::string::npos);
  }
}

}  // namespace
}  // namespace rig::gate
