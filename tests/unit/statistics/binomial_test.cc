#include "statistics/binomial.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rig::statistics {
namespace {

// Clopper and Pearson's limits at 95 %, as tables of them give them.
TEST(Binomial, TwoSidedLimitsAreThePublishedOnes) {
  struct Row {
    Sample sample;
    double low;
    double high;
  };
  for (const Row& row :
       {Row{{3, 20}, 0.0321, 0.3789}, Row{{0, 20}, 0, 0.1684}, Row{{5, 10}, 0.1871, 0.8129},
        Row{{1, 10}, 0.0025, 0.4450}, Row{{10, 100}, 0.0490, 0.1762}, Row{{20, 20}, 0.8316, 1}}) {
    const Interval found = interval(row.sample, 0.95);
    EXPECT_NEAR(found.low, row.low, 5e-5) << row.sample.failures << "/" << row.sample.trials;
    EXPECT_NEAR(found.high, row.high, 5e-5) << row.sample.failures << "/" << row.sample.trials;
  }
}

// powercut.md, section 6: the upper bounds of a night in percent.
TEST(Binomial, OneSidedBoundsOfANight) {
  const double few[] = {0.0031, 0.0049, 0.0065, 0.0081};
  const double many[] = {0.0010, 0.0016, 0.0021, 0.0026};
  for (std::uint64_t failures = 0; failures < 4; ++failures) {
    EXPECT_NEAR(upper_bound({failures, 960}, 0.95), few[failures], 5e-5);
    EXPECT_NEAR(upper_bound({failures, 3'000}, 0.95), many[failures], 5e-5);
  }
}

TEST(Binomial, NoFailureHasItsClosedForm) {
  EXPECT_NEAR(upper_bound({0, 299}, 0.95), 1 - std::pow(0.05, 1.0 / 299), 1e-15);
  EXPECT_NEAR(upper_bound({0, 1'000'000}, 0.95), 2.9957e-6, 1e-9);  // the rule of three: 3/n
  EXPECT_EQ(lower_bound({0, 299}, 0.95), 0);
}

TEST(Binomial, NothingTriedIsNothingKnown) {
  EXPECT_EQ(upper_bound({0, 0}, 0.95), 1);
  EXPECT_EQ(lower_bound({0, 0}, 0.95), 0);
  EXPECT_EQ(upper_bound({7, 7}, 0.95), 1);
}

// The definition: at the bound, as few failures have exactly the chance that is left.
TEST(Binomial, TheBoundLeavesItsChance) {
  const double p = upper_bound({2, 30}, 0.9);
  const double q = 1 - p;
  const double chance = std::pow(q, 30) + 30 * p * std::pow(q, 29) + 435 * p * p * std::pow(q, 28);
  EXPECT_NEAR(chance, 0.1, 1e-9);
}

TEST(Binomial, TrialsNeededWithoutFailures) {
  EXPECT_EQ(trials_needed(0, {0.01, 0.95}), 299U);
  EXPECT_EQ(trials_needed(0, {0.01, 0.99}), 459U);
  EXPECT_EQ(trials_needed(0, {0.003, 0.95}), 998U);
  EXPECT_EQ(trials_needed(0, {0.001, 0.95}), 2'995U);
  EXPECT_EQ(trials_needed(0, {0.001, 0.99}), 4'603U);
  EXPECT_EQ(trials_needed(0, {0.0001, 0.95}), 29'956U);
  EXPECT_EQ(trials_needed(0, {0.02, 0.95}), 149U);
}

TEST(Binomial, TrialsNeededAreTheFewest) {
  for (std::uint64_t failures = 0; failures < 6; ++failures) {
    const std::uint64_t needed = trials_needed(failures, {0.01, 0.95}).value();
    EXPECT_LE(upper_bound({failures, needed}, 0.95), 0.01 + 1e-12);
    EXPECT_GT(upper_bound({failures, needed - 1}, 0.95), 0.01);
  }
  EXPECT_EQ(trials_needed(1, {0.01, 0.95}), 473U);  // the usual table of acceptance sampling
  EXPECT_EQ(trials_needed(0, {1e-15, 0.95}), std::nullopt);
}

TEST(Binomial, TrialsStillNeededEndAtZero) {
  EXPECT_EQ(trials_still_needed({0, 100}, {0.01, 0.95}), 199U);
  EXPECT_EQ(trials_still_needed({1, 100}, {0.01, 0.95}), 373U);
  EXPECT_EQ(trials_still_needed({0, 299}, {0.01, 0.95}), 0U);
  EXPECT_EQ(trials_still_needed({0, 5'000}, {0.01, 0.95}), 0U);
}

}  // namespace
}  // namespace rig::statistics
