#include "statistics/comparison.h"

#include <gtest/gtest.h>

namespace rig::statistics {
namespace {

// The lady who tasted tea: three of four right on either side.
TEST(FisherExact, TheLadyTastingTea) {
  EXPECT_NEAR(fisher_exact({{3, 4}, {1, 4}}), 0.485714, 1e-6);
  EXPECT_NEAR(fisher_exact({{4, 4}, {0, 4}}), 0.028571, 1e-6);
}

// Fisher's twins: 2 of 17 dizygotic and 10 of 13 monozygotic ones convicted.
TEST(FisherExact, TwinsOfCriminals) {
  EXPECT_NEAR(fisher_exact({{2, 17}, {10, 13}}), 0.0005367, 1e-7);
  EXPECT_NEAR(fisher_exact({{10, 13}, {2, 17}}), 0.0005367, 1e-7);
}

TEST(FisherExact, HasNothingToSayWhereNothingDiffers) {
  EXPECT_DOUBLE_EQ(fisher_exact({{0, 120}, {0, 118}}), 1);
  EXPECT_DOUBLE_EQ(fisher_exact({{5, 100}, {5, 100}}), 1);
  EXPECT_DOUBLE_EQ(fisher_exact({{0, 0}, {5, 100}}), 1);
  EXPECT_DOUBLE_EQ(fisher_exact({{100, 100}, {7, 7}}), 1);
}

// A million cycles neither overflow nor take long: probabilities are relative to the likeliest.
TEST(FisherExact, OfAMillionCycles) {
  EXPECT_LT(fisher_exact({{0, 500'000}, {1'000, 500'000}}), 1e-290);
  EXPECT_NEAR(fisher_exact({{1'000, 500'000}, {1'100, 500'000}}), 0.0305, 5e-4);
  EXPECT_DOUBLE_EQ(fisher_exact({{250'000, 500'000}, {250'000, 500'000}}), 1);
}

// Newcombe 1998, table II, column (a): 56/70 against 48/80; (d): 9/10 against 3/10; (g), (h).
TEST(Difference, IsNewcombesTenthMethod) {
  struct Row {
    Sample first;
    Sample second;
    double low;
    double high;
  };
  for (const Row& row :
       {Row{{56, 70}, {48, 80}, 0.0524, 0.3339}, Row{{9, 10}, {3, 10}, 0.1705, 0.8090},
        Row{{5, 56}, {0, 29}, -0.0381, 0.1926}, Row{{10, 10}, {0, 10}, 0.6075, 1.0}}) {
    const Interval found = difference({.before = row.second, .after = row.first}, 0.95);
    EXPECT_NEAR(found.low, row.low, 5e-5);
    EXPECT_NEAR(found.high, row.high, 5e-5);
  }
  const Interval unknown = difference({{0, 0}, {1, 10}}, 0.95);
  EXPECT_EQ(unknown.low, -1);
  EXPECT_EQ(unknown.high, 1);
}

TEST(Holm, RaisesTheSmallestMost) {
  const std::vector<double> raised = holm(std::vector{0.01, 0.04, 0.03, 0.005});
  EXPECT_NEAR(raised[0], 0.03, 1e-12);
  EXPECT_NEAR(raised[1], 0.06, 1e-12);  // not below its predecessor's
  EXPECT_NEAR(raised[2], 0.06, 1e-12);
  EXPECT_NEAR(raised[3], 0.02, 1e-12);
  EXPECT_EQ(holm(std::vector{0.7, 0.9}), (std::vector{1.0, 1.0}));
  EXPECT_TRUE(holm({}).empty());
}

// Drinking and malformations (Agresti, Categorical Data Analysis): z squared is 6.57, p 0.0104.
TEST(Trend, DrinkingAndMalformations) {
  const std::vector<Sample> samples{{48, 17'114}, {38, 14'502}, {5, 793}, {1, 127}, {1, 38}};
  const TrendTest found = trend(samples, std::vector{0.0, 0.5, 1.5, 4.0, 7.0});
  EXPECT_NEAR(found.z * found.z, 6.570, 5e-3);
  EXPECT_NEAR(found.p_value, 0.0104, 1e-4);
}

TEST(Trend, HasASignAndSilence) {
  EXPECT_GT(trend(std::vector<Sample>{{0, 100}, {3, 100}, {9, 100}}).z, 2);
  EXPECT_LT(trend(std::vector<Sample>{{9, 100}, {3, 100}, {0, 100}}).z, -2);
  EXPECT_EQ(trend(std::vector<Sample>{{0, 100}, {0, 90}, {0, 80}}).p_value, 1);
  EXPECT_EQ(trend(std::vector<Sample>{{0, 100}, {9, 100}}).p_value, 1);
  EXPECT_EQ(trend(std::vector<Sample>{{0, 0}, {0, 0}, {0, 0}}).p_value, 1);
}

}  // namespace
}  // namespace rig::statistics
