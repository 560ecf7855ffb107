#include "statistics/sequential.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace rig::statistics {
namespace {

SequentialPlan plan(double good, double bad) {
  return {.good = good, .bad = bad, .alpha = 0.05, .beta = 0.05, .most = 20'000};
}

std::uint64_t trials_until_accepted(Sprt test) {
  std::uint64_t trials = 0;
  while (test.standing() == Standing::undecided) {
    (void)test.feed(false);
    ++trials;
  }
  return trials;
}

// powercut.md, section 6: where a night without failures ends.
TEST(Sprt, ANightWithoutFailuresEndsWhereTheTableSays) {
  EXPECT_EQ(trials_until_accepted(Sprt(plan(1e-4, 1e-2))), 296U);
  EXPECT_EQ(trials_until_accepted(Sprt(plan(1e-3, 1e-2))), 326U);
  EXPECT_EQ(trials_until_accepted(Sprt(plan(1e-4, 1e-3))), 3'270U);
  EXPECT_EQ(Sprt(plan(1e-4, 1e-3)).trials_to_accept(), 3'270U);
}

// A failure costs so many trials more: 464, 255 and 2,558.
TEST(Sprt, AFailureCostsTrials) {
  Sprt early(plan(1e-3, 1e-2));
  EXPECT_EQ(early.feed(true), Standing::undecided);
  EXPECT_NEAR(static_cast<double>(early.trials_to_accept()), 326 + 255, 1);
  Sprt slow(plan(1e-4, 1e-3));
  EXPECT_EQ(slow.feed(true), Standing::undecided);
  EXPECT_NEAR(static_cast<double>(slow.trials_to_accept()), 3'270 + 2'558, 1);
  Sprt late(plan(1e-4, 1e-2));
  for (int i = 0; i < 250; ++i) (void)late.feed(false);
  EXPECT_EQ(late.feed(true), Standing::undecided);
  EXPECT_NEAR(static_cast<double>(late.trials_to_accept()), 46 + 464, 2);
}

TEST(Sprt, RejectsOnTheFailureThatIsEnough) {
  Sprt one(plan(1e-4, 1e-2));
  EXPECT_EQ(one.feed(true), Standing::rejected);  // ln(100) is above ln(19)
  Sprt two(plan(1e-3, 1e-2));
  EXPECT_EQ(two.feed(true), Standing::undecided);
  EXPECT_EQ(two.feed(true), Standing::rejected);
  EXPECT_FALSE(two.truncated());
  EXPECT_EQ(two.trials_to_accept(), 0U);
}

TEST(Sprt, WhatIsDecidedStaysDecided) {
  Sprt test(plan(1e-4, 1e-2));
  (void)test.feed(true);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(test.feed(false), Standing::rejected);
  EXPECT_EQ(test.seen(), (Sample{1, 1}));
}

TEST(Sprt, EndsAtItsLastTrial) {
  SequentialPlan few = plan(1e-3, 1e-2);
  few.most = 100;
  Sprt clean(few);
  for (int i = 0; i < 99; ++i) EXPECT_EQ(clean.feed(false), Standing::undecided);
  EXPECT_EQ(clean.feed(false), Standing::accepted);
  EXPECT_TRUE(clean.truncated());
  Sprt dirty(few);
  for (int i = 0; i < 99; ++i) (void)dirty.feed(i == 0);
  EXPECT_EQ(dirty.feed(false), Standing::rejected);  // the ratio is still above zero
  EXPECT_TRUE(dirty.truncated());
}

// Wald's boundaries promise no more than alpha/(1-beta) and beta/(1-alpha).
TEST(Characteristics, KeepTheErrorsThatWerePromised) {
  for (const SequentialPlan& each : {plan(1e-3, 1e-2), plan(1e-4, 1e-2)}) {
    const Characteristics good = characteristics(each, each.good);
    const Characteristics bad = characteristics(each, each.bad);
    EXPECT_NEAR(good.accepted + good.rejected, 1, 1e-9);
    EXPECT_LE(good.rejected, 0.05 / 0.95);
    EXPECT_LE(bad.accepted, 0.05 / 0.95);
    EXPECT_LT(bad.trials_expected, good.trials_expected);
  }
}

// A truncation that comes too early breaks the promise, and is seen to.
TEST(Characteristics, ShowWhatTruncationCosts) {
  SequentialPlan hasty = plan(1e-3, 1e-2);
  hasty.most = 50;
  EXPECT_GT(characteristics(hasty, hasty.bad).accepted, 0.5);
}

// The sum over all paths against paths drawn by chance.
TEST(Characteristics, AgreeWithASimulation) {
  SequentialPlan each = plan(0.02, 0.1);
  each.most = 150;
  base::Random chance(11);
  int accepted = 0;
  double trials = 0;
  constexpr int kNights = 4'000;
  for (int night = 0; night < kNights; ++night) {
    Sprt test(each);
    while (test.standing() == Standing::undecided) (void)test.feed(chance.unit() < 0.05);
    accepted += test.standing() == Standing::accepted ? 1 : 0;
    trials += static_cast<double>(test.seen().trials);
  }
  const Characteristics exact = characteristics(each, 0.05);
  EXPECT_NEAR(accepted / double{kNights}, exact.accepted, 0.025);
  EXPECT_NEAR(trials / kNights, exact.trials_expected, 2);
}

}  // namespace
}  // namespace rig::statistics
