#include "campaign/strata.h"

#include <gtest/gtest.h>

#include "unit/campaign/stories.h"

namespace rig::campaign {
namespace {

TEST(Strata, ArePhasesWithEveryStay) {
  const auto strata = strata_of(control_story(), {});
  ASSERT_EQ(strata.size(), 4U);
  EXPECT_EQ(strata[0].phase, "idle");
  EXPECT_EQ(length_of(strata[0]), base::Duration(1s));
  EXPECT_EQ(strata[1].phase, "downloading");
  ASSERT_EQ(strata[1].stays.size(), 2U);
  EXPECT_EQ(strata[1].stays[1].begins, base::Duration(22s));
  EXPECT_EQ(strata[1].stays[1].length, base::Duration(5s));
  EXPECT_EQ(length_of(strata[2]), base::Duration(2s));
}

TEST(Strata, EndWithTheFirstCleanReboot) {
  const auto strata = strata_of(control_story(), {});
  EXPECT_EQ(strata[3].phase, "testing");
  EXPECT_EQ(length_of(strata[3]), base::Duration(2s));
}

TEST(Strata, EndWithTheLastObservationWhereNoRebootFollows) {
  record::Timeline story = control_story();
  story.resize(7);
  story.push_back(event(90s, record::EventKind::note, "left without power"));
  const auto strata = strata_of(story, {});
  ASSERT_EQ(strata.size(), 3U);  // `testing` began with the last observation, so it had no length
  EXPECT_EQ(strata[2].phase, "applying");
}

TEST(Strata, OperationsInARowAreOneRunUnlessTheyDiffer) {
  const auto strata = strata_of(control_story(), control_operations());
  EXPECT_TRUE(strata[1].operations.empty());
  const auto& runs = strata[2].operations;
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_TRUE(runs[0].erase);
  EXPECT_EQ(runs[1].first, 2U);
  EXPECT_EQ(runs[1].count, 100U);
  EXPECT_EQ(runs[2].first, 200U);
  EXPECT_EQ(operations_in(strata[2]), 201U);
}

TEST(Strata, AreNoneWithoutAnUpdate) { EXPECT_TRUE(strata_of({}, {}).empty()); }

}  // namespace
}  // namespace rig::campaign
