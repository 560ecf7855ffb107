#include "campaign/schedule.h"

#include <gtest/gtest.h>

namespace rig::campaign {
namespace {

const auto anything = [](std::uint64_t) { return true; };

TEST(Schedule, HandsOutEachCycleOnce) {
  Schedule schedule(3, {});
  EXPECT_EQ(schedule.next(anything), 0U);
  EXPECT_EQ(schedule.next(anything), 1U);
  EXPECT_EQ(schedule.next(anything), 2U);
  EXPECT_EQ(schedule.next(anything), std::nullopt);
  schedule.finished(1);
  schedule.finished(0);
  EXPECT_FALSE(schedule.complete());
  schedule.finished(2);
  EXPECT_TRUE(schedule.complete());
}

TEST(Schedule, GoesOnBehindAnEarlierControllerAndFillsItsGaps) {
  Schedule schedule(6, {0, 2, 3});
  EXPECT_EQ(schedule.done(), 3U);
  EXPECT_EQ(schedule.next(anything), 1U);
  EXPECT_EQ(schedule.next(anything), 4U);
  EXPECT_EQ(schedule.next(anything), 5U);
  EXPECT_EQ(schedule.next(anything), std::nullopt);
}

TEST(Schedule, WhatFitsNobodyNowWaits) {
  Schedule schedule(4, {});
  const auto odd = [](std::uint64_t index) { return index % 2 == 1; };
  EXPECT_EQ(schedule.next(odd), 1U);
  EXPECT_EQ(schedule.next(odd), 3U);
  EXPECT_EQ(schedule.next(odd), std::nullopt);
  EXPECT_EQ(schedule.next(anything), 0U);
  EXPECT_EQ(schedule.next(anything), 2U);
}

TEST(Schedule, WhatIsGivenBackComesAgain) {
  Schedule schedule(2, {});
  EXPECT_EQ(schedule.next(anything), 0U);
  schedule.give_back(0);
  EXPECT_EQ(schedule.next(anything), 0U);
}

TEST(Schedule, WithoutALimitThereIsAlwaysMoreButNoListOfTheFuture) {
  Schedule schedule(std::nullopt, {});
  const auto nothing = [](std::uint64_t) { return false; };
  EXPECT_EQ(schedule.next(nothing), std::nullopt);
  EXPECT_EQ(schedule.next(anything), 0U);
  EXPECT_FALSE(schedule.complete());
}

}  // namespace
}  // namespace rig::campaign
