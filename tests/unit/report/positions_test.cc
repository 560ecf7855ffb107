#include "report/positions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace rig::report {
namespace {

using record::Verdict;
using store::CycleRow;

CycleRow cut(std::int64_t at_us, std::uint64_t op, std::uint16_t phase = 0,
             Verdict verdict = Verdict::resumed) {
  CycleRow row;
  row.cut_at_us = at_us;
  row.op = op;
  row.address = 0x08080000 + static_cast<std::uint32_t>(op) * 4;
  row.phase = phase;
  row.verdict = verdict;
  row.kind = store::CycleKind::cut;
  return row;
}

TEST(Marks, ALargeMapIsThinnedButKeepsEveryVerdictVisible) {
  std::vector<CycleRow> rows;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    rows.push_back(cut(static_cast<std::int64_t>(i) * 1'000, i + 1, 0,
                       i == 12'345 ? Verdict::bricked : Verdict::resumed));
  }
  const auto marks = marks_of(rows);
  EXPECT_LE(marks.size(), kLargestMarks);
  const auto cuts = std::accumulate(marks.begin(), marks.end(), std::uint64_t{},
                                    [](auto sum, const Mark& mark) { return sum + mark.cuts; });
  EXPECT_EQ(cuts, 20'000U);
  EXPECT_EQ(std::count_if(marks.begin(), marks.end(),
                          [](const Mark& mark) { return mark.cut.verdict == Verdict::bricked; }),
            1);
}

TEST(Marks, ACutThatDidNotLandHasNone) {
  EXPECT_TRUE(marks_of(std::vector{cut(-1, 0)}).empty());
  EXPECT_TRUE(bands_of(std::vector{cut(-1, 0)}).empty());
  EXPECT_TRUE(survival_of(std::vector{cut(-1, 0)}).empty());
}

TEST(Bands, APhaseThatComesTwiceHasTwo) {
  const auto bands =
      bands_of(std::vector{cut(30, 0, 1), cut(10, 5, 0), cut(20, 6, 0), cut(40, 9, 0)});
  ASSERT_EQ(bands.size(), 3U);
  EXPECT_EQ(bands[0].from_us, 10);
  EXPECT_EQ(bands[0].to_us, 20);
  EXPECT_EQ(bands[0].from_op, 5U);
  EXPECT_EQ(bands[0].to_op, 6U);
  EXPECT_EQ(bands[1].from_op, 0U);  // no flash operation was hit there
  EXPECT_EQ(bands[2].phase, 0U);
}

// Two boards whose phases overlap by a second: not a band per cut.
TEST(Bands, OverlappingPhasesAreToldApartByTheirMajority) {
  std::vector<CycleRow> rows;
  for (std::int64_t i = 0; i < 10'000; ++i) {
    rows.push_back(cut(i * 1'000, 0, 0));
    rows.push_back(cut(9'000'000 + i * 1'000, 0, 1));
  }
  const auto bands = bands_of(rows);
  ASSERT_GE(bands.size(), 2U);
  EXPECT_LE(bands.size(), 20U);
  EXPECT_EQ(bands.front().phase, 0U);
  EXPECT_EQ(bands.back().phase, 1U);
}

TEST(Survival, BinsHoldEveryTrialOnceAndNoTwoPhases) {
  std::vector<CycleRow> rows;
  for (std::int64_t i = 0; i < 4'000; ++i) {
    const auto verdict = i % 400 == 0  ? Verdict::void_trial
                         : i % 10 == 0 ? Verdict::bricked
                                       : Verdict::resumed;
    rows.push_back(cut(i, static_cast<std::uint64_t>(i), i < 3'000 ? 7 : 3, verdict));
  }
  const auto bins = survival_of(rows);
  std::uint64_t trials = 0;
  std::uint64_t failed = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    trials += bins[i].trials;
    failed += bins[i].failed;
    EXPECT_GE(bins[i].trials, 90U);
    EXPECT_LE(bins[i].from_us, bins[i].to_us);
    if (i != 0) {
      EXPECT_GT(bins[i].from_us, bins[i - 1].to_us);
    }
  }
  EXPECT_EQ(trials, 3'990U);
  EXPECT_EQ(failed, 390U);
  EXPECT_EQ(bins.front().phase, 7U);  // the earlier one, whatever its number
  EXPECT_EQ(bins.back().phase, 3U);
}

TEST(Survival, APhaseThatComesTwiceIsToldApartUnlessPhasesOverlap) {
  std::vector<CycleRow> rows{cut(1, 0, 0), cut(2, 0, 1), cut(3, 0, 0)};
  EXPECT_EQ(survival_of(rows).size(), 3U);
  rows.clear();
  for (std::int64_t i = 0; i < 100; ++i) rows.push_back(cut(i, 0, i % 2 == 0 ? 0 : 1));
  EXPECT_EQ(survival_of(rows).size(), 4U);  // 20 to 25 cuts each
}

TEST(Survival, FewCutsAreOneBinPerPhase) {
  const auto bins = survival_of(std::vector{cut(5, 0, 0), cut(6, 0, 0, Verdict::stuck),
                                            cut(9, 0, 1), cut(1, 0, 2, Verdict::void_trial)});
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_EQ(bins[0].trials, 2U);
  EXPECT_EQ(bins[0].failed, 1U);
}

TEST(Hits, AWindowAsWideAsTheGapsIsHit) {
  std::vector<CycleRow> rows;
  for (std::int64_t i = 0; i < 100; ++i) rows.push_back(cut(i * 10'000, 0));
  const auto hits = hits_of(rows);
  ASSERT_EQ(hits.size(), 4U);
  EXPECT_NEAR(hits[0].chance, 0.01, 0.002);  // 0.1 ms of every 10 ms
  EXPECT_NEAR(hits[1].chance, 0.1, 0.02);
  EXPECT_NEAR(hits[2].chance, 1, 1e-9);
  EXPECT_TRUE(hits_of(std::vector{cut(1, 0)}).empty());
}

}  // namespace
}  // namespace rig::report
