// The seeded numbers: the same everywhere and for ever, because plan ids replay by them.

#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace rig::base {
namespace {

// SplitMix64 from seed 1234567, as its author's C prints it. A change of these numbers makes every
// stored plan id replay something else.
TEST(Random, DrawsThePublishedNumbers) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
  EXPECT_EQ(random.next(), 4593380528125082431U);
  EXPECT_EQ(random.next(), 16408922859458223821U);
}

TEST(Random, CopyDrawsTheSameNumbers) {
  Random original(7);
  (void)original.next();
  Random copy = original;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(copy.next(), original.next());
}

TEST(Random, StaysBelowItsBound) {
  Random random(42);
  for (const std::uint64_t bound : {1ULL, 2ULL, 3ULL, 10ULL, 1ULL << 40}) {
    for (int i = 0; i < 1000; ++i) ASSERT_LT(random.below(bound), bound);
  }
}

TEST(Random, BoundZeroGivesZero) { EXPECT_EQ(Random(1).below(0), 0U); }

TEST(Random, ReachesEveryValueAboutEquallyOften) {
  Random random(3);
  std::array<int, 8> drawn{};
  for (int i = 0; i < 80000; ++i) ++drawn[random.below(drawn.size())];
  for (const int count : drawn) EXPECT_NEAR(count, 10000, 500);  // five standard deviations
}

TEST(Random, UnitLiesInItsHalfOpenInterval) {
  Random random(9);
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const double value = random.unit();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
}

TEST(DerivedSeed, DependsOnSeedAndPart) {
  std::set<std::uint64_t> seeds;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (const char* part : {"", "link", "ram", "modem", "mar", "linl"}) {
      seeds.insert(derived_seed(seed, part));
    }
  }
  EXPECT_EQ(seeds.size(), 600U);
}

TEST(DerivedSeed, IsTheSameEveryTime) {
  EXPECT_EQ(derived_seed(7, "link"), derived_seed(7, std::string("li") + "nk"));
}

}  // namespace
}  // namespace rig::base
