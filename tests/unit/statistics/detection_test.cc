#include "statistics/detection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace rig::statistics {
namespace {

using namespace std::chrono_literals;

TEST(ChanceOfHit, CountsThePlacesThatACutFellInto) {
  // 0, 100 and 200 us; a window of 25 us is hit in a quarter of the gaps, of which its places at
  // the end are no places.
  EXPECT_NEAR(chance_of_hit(std::vector<std::int64_t>{0, 100, 200}, 25us), 25.0 / 175, 1e-12);
  EXPECT_DOUBLE_EQ(chance_of_hit(std::vector<std::int64_t>{0, 100, 200}, 100us), 1);
  EXPECT_DOUBLE_EQ(chance_of_hit(std::vector<std::int64_t>{0, 100, 200}, 1s), 1);
}

TEST(ChanceOfHit, AGapNobodyCutIsMissed) {
  const std::vector<std::int64_t> uneven{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1'000};
  EXPECT_LT(chance_of_hit(uneven, 10us), 0.02);
}

TEST(ChanceOfHit, FewCutsFindNothing) {
  EXPECT_EQ(chance_of_hit({}, 1ms), 0);
  EXPECT_EQ(chance_of_hit(std::vector<std::int64_t>{5'000}, 1ms), 0);
}

TEST(ChanceOfHit, AgreesWithWindowsThrownAtRandom) {
  base::Random chance(3);
  std::vector<std::int64_t> cuts;
  for (int i = 0; i < 60; ++i) cuts.push_back(static_cast<std::int64_t>(chance.below(1'000'000)));
  std::sort(cuts.begin(), cuts.end());
  constexpr std::int64_t kWidth = 8'000;
  const auto places = static_cast<double>(cuts.back() - cuts.front() - kWidth);
  int hits = 0;
  constexpr int kThrown = 20'000;
  for (int i = 0; i < kThrown; ++i) {
    const auto begin = static_cast<double>(cuts.front()) + chance.unit() * places;
    const auto next = std::lower_bound(cuts.begin(), cuts.end(), begin);
    hits += static_cast<double>(*next) <= begin + kWidth ? 1 : 0;
  }
  EXPECT_NEAR(hits / double{kThrown}, chance_of_hit(cuts, 8ms), 0.012);
}

// powercut.md, section 4: one erase of 85 ms in a copy of 6.7 s, to be hit with 95 %.
TEST(CutsForHit, OfAnErase) {
  EXPECT_NEAR(static_cast<double>(cuts_for_hit({85ms, 6'700ms}, 0.95).value()), 236, 2);
  EXPECT_EQ(cuts_for_hit({7s, 6'700ms}, 0.95), 1U);
  EXPECT_EQ(cuts_for_hit({0s, 6'700ms}, 0.95), std::nullopt);
}

}  // namespace
}  // namespace rig::statistics
