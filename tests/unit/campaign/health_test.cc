#include "campaign/health.h"

#include <gtest/gtest.h>

namespace rig::campaign {
namespace {

using Care = Health::Care;
using record::Verdict;
using namespace std::chrono_literals;

store::CycleOutcome outcome(Verdict verdict, const std::string& text = "") {
  store::CycleOutcome result;
  result.judgement.verdict = verdict;
  result.judgement.findings = {{.verdict = verdict, .holds = true, .at = {}, .text = text}};
  return result;
}

TEST(Health, ThreeRigFaultsInARowAreEnough) {
  Health health;
  EXPECT_EQ(health.after(outcome(Verdict::rig_fault, "relay mute"), true), Care::rest);
  EXPECT_EQ(health.after(outcome(Verdict::rig_fault, "console gone"), true), Care::rest);
  EXPECT_EQ(health.after(outcome(Verdict::flaky_baseline), true), Care::quarantine);
  EXPECT_EQ(health.cause(), "rig-fault: relay mute");
  EXPECT_EQ(health.attempts(), 3);
}

TEST(Health, AnyProofWipesTheStrikesOut) {
  Health health;
  (void)health.after(outcome(Verdict::rig_fault), true);
  (void)health.after(outcome(Verdict::rig_fault), true);
  EXPECT_EQ(health.after(outcome(Verdict::bricked), true), Care::go_on);
  EXPECT_EQ(health.after(outcome(Verdict::rig_fault), true), Care::rest);
}

TEST(Health, ACutThatNothingProvesIsAStrikeAndOneThatNeverCameIsNone) {
  Health health;
  store::CycleOutcome welded = outcome(Verdict::void_trial, "no proof");
  welded.cut.at = 1s;
  EXPECT_EQ(health.after(welded, true), Care::rest);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(health.after(outcome(Verdict::void_trial), true), Care::go_on);
  const store::CycleOutcome talking = outcome(
      Verdict::void_trial, "the cut never came: no cut: the contacts are open, but it still talks");
  EXPECT_EQ(health.after(talking, true), Care::rest);
  EXPECT_EQ(health.after(welded, true), Care::quarantine);
}

// What a welded relay may look like as well: the device still runs what the last cycle gave it.
TEST(Health, ADeviceThatNeverCameAsFarAsTheUpdateIsAStrike) {
  Health health;
  EXPECT_EQ(health.after(outcome(Verdict::void_trial), false), Care::rest);
  EXPECT_EQ(health.after(outcome(Verdict::flaky_baseline), false), Care::rest);
  EXPECT_EQ(health.after(outcome(Verdict::void_trial), false), Care::quarantine);
}

TEST(Health, RestsLongerEachTime) {
  Health health;
  (void)health.after(outcome(Verdict::rig_fault), true);
  const auto first = health.rest();
  EXPECT_GT(first, 0ms);
  (void)health.after(outcome(Verdict::rig_fault), true);
  EXPECT_GT(health.rest(), first);
  EXPECT_LE(health.rest(), 30s);
}

}  // namespace
}  // namespace rig::campaign
