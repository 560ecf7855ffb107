// Old nights shrink, failures stay, and every count answers as before.
#include "store/retention.h"

#include <gtest/gtest.h>

#include "base/rig_error.h"
#include "store/tally.h"
#include "unit/store/store_fixture.h"

namespace rig::store {
namespace {

using record::Verdict;

constexpr std::int64_t kMonday = 1'000'000'000'000'000;
constexpr std::int64_t kTuesday = kMonday + 86'400'000'000;

class Nights : public testing::Test {
 protected:
  // Control, two passes, one void and as many failures as asked for.
  CampaignId night(std::int64_t started, int failures,
                   CampaignState state = CampaignState::finished) {
    CampaignStart start = some_campaign();
    start.started_unix_us = started;
    const CampaignId id = store_.begin_campaign(start);
    store_.set_trunk(id, some_timeline(40));
    std::vector<Verdict> verdicts{Verdict::resumed, Verdict::retried, Verdict::void_trial};
    verdicts.insert(verdicts.end(), static_cast<std::size_t>(failures), Verdict::stuck);
    std::uint64_t index = 0;
    for (const Verdict verdict : verdicts) {
      store_.finish_cycle(store_.begin_cycle(id, intent(index++)), outcome(verdict),
                          pack(some_timeline(60)));
    }
    if (state == CampaignState::running) return id;
    store_.end_campaign(id, state, started + 1);
    return id;
  }
  [[nodiscard]] std::int64_t count(const char* sql) { return store_.database().query_integer(sql); }

  TemporaryFile file_;
  Store store_{file_.path()};
};

TEST_F(Nights, TimelinesOfPassesGoAndFailuresStay) {
  const CampaignId old = night(kMonday, 2);
  const CampaignId recent = night(kTuesday, 1);
  const Pruned pruned = prune(store_, {.before_unix_us = kTuesday});
  EXPECT_EQ(pruned.timelines, 3U);
  EXPECT_EQ(pruned.failures_kept, 2U);
  EXPECT_EQ(pruned.campaigns, 0U);
  EXPECT_GT(pruned.bytes, 0U);
  EXPECT_EQ(count("SELECT count(*) FROM timelines WHERE cycle IN (SELECT id FROM cycles WHERE "
                  "campaign=1)"),
            2);
  EXPECT_EQ(count("SELECT count(*) FROM timelines"), 2 + 4);
  EXPECT_EQ(count("SELECT count(*) FROM cycles"), 5 + 4);
  EXPECT_EQ(store_.trunk(old).size(), 40U);  // failures stand on it
  EXPECT_EQ(tally(store_, old).cuts().trials(), 4U);
  EXPECT_EQ(tally(store_, old).cuts().failures(), 2U);
  EXPECT_EQ(tally(store_, recent).cuts().total(), 4U);
}

TEST_F(Nights, ATrunkThatNobodyStandsOnGoes) {
  const CampaignId old = night(kMonday, 0);
  const Pruned pruned = prune(store_, {.before_unix_us = kTuesday});
  EXPECT_EQ(pruned.timelines, 3U);
  EXPECT_TRUE(store_.trunk(old).empty());
  EXPECT_EQ(tally(store_, old).cuts().total(), 3U);
}

TEST_F(Nights, ADryRunSaysTheSameAndDoesNothing) {
  (void)night(kMonday, 1);
  const Pruned said = would_prune(store_, {.before_unix_us = kTuesday});
  EXPECT_EQ(count("SELECT count(*) FROM timelines"), 4);
  const Pruned done = prune(store_, {.before_unix_us = kTuesday});
  EXPECT_EQ(said.timelines, done.timelines);
  EXPECT_EQ(said.bytes, done.bytes);
  EXPECT_EQ(said.failures_kept, done.failures_kept);
  EXPECT_EQ(prune(store_, {.before_unix_us = kTuesday}).timelines, 0U);
}

TEST_F(Nights, WholeCampaignsGoWithoutAFailureOnly) {
  (void)night(kMonday, 0);
  (void)night(kMonday, 1);
  const Pruned pruned = prune(store_, {.before_unix_us = kTuesday, .whole = true});
  EXPECT_EQ(pruned.campaigns, 1U);
  EXPECT_EQ(count("SELECT count(*) FROM campaigns"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM cycles"), 4);
  EXPECT_EQ(count("SELECT count(*) FROM timelines"), 1);
}

TEST_F(Nights, FailuresGoWhenAskedFor) {
  (void)night(kMonday, 2);
  const Pruned pruned =
      prune(store_, {.before_unix_us = kTuesday, .whole = true, .failures = true});
  EXPECT_EQ(pruned.campaigns, 1U);
  EXPECT_EQ(pruned.failures_kept, 0U);
  EXPECT_EQ(count("SELECT count(*) FROM cycles"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM findings"), 0);
}

TEST_F(Nights, ARunningCampaignStaysAsItIs) {
  (void)night(kMonday, 0, CampaignState::running);
  const Pruned pruned =
      prune(store_, {.before_unix_us = kTuesday, .whole = true, .failures = true});
  EXPECT_EQ(pruned.timelines, 0U);
  EXPECT_EQ(count("SELECT count(*) FROM timelines"), 3);
}

// Which cycles have a timeline, by number.
std::vector<std::int64_t> with_timelines(Store& store) {
  Statement query(store.database(), "SELECT cycle FROM timelines ORDER BY cycle");
  query.with();
  std::vector<std::int64_t> cycles;
  while (query.step()) cycles.push_back(query.integer(0));
  return cycles;
}

TEST_F(Nights, OfOldCyclesThoseThatPassedInSimulationLoseTheirTimelines) {
  (void)night(kMonday, 1);   // 1 and 2 pass, 3 is void, 4 fails
  (void)night(kTuesday, 1);  // 5 to 8 likewise
  LatestTimelines(store_, 3).thin();
  EXPECT_EQ(with_timelines(store_), (std::vector<std::int64_t>{3, 4, 6, 7, 8}));
  EXPECT_EQ(count("SELECT count(*) FROM cycles"), 8);
  LatestTimelines(store_, 3).thin();
  EXPECT_EQ(with_timelines(store_).size(), 5U);
}

TEST_F(Nights, ARealBoardKeepsEveryTimeline) {
  (void)night(kMonday, 0);
  store_.database().run("UPDATE campaigns SET board='serial'");
  LatestTimelines(store_, 0).thin();
  EXPECT_EQ(with_timelines(store_).size(), 3U);
}

TEST_F(Nights, ThinningComesWithTheCyclesAndWaitsForNobody) {
  (void)night(kMonday, 0);
  LatestTimelines latest(store_, 0);
  for (int i = 0; i < 249; ++i) latest.tick();
  EXPECT_EQ(with_timelines(store_).size(), 3U);
  Database other(file_.path(), IfMissing::refuse);
  other.run("BEGIN IMMEDIATE");
  store_.database().run("PRAGMA busy_timeout=20");
  latest.tick();
  EXPECT_EQ(with_timelines(store_).size(), 3U);
  other.run("ROLLBACK");
  for (int i = 0; i < 250; ++i) latest.tick();
  EXPECT_EQ(with_timelines(store_), std::vector<std::int64_t>{3});  // proved nothing
}

TEST_F(Nights, ShrinkGivesTheSpaceBack) {
  for (int i = 0; i < 40; ++i) (void)night(kMonday, 0);
  (void)prune(store_, {.before_unix_us = kTuesday, .whole = true});
  EXPECT_GT(shrink(store_), 10'000U);
  EXPECT_EQ(count("PRAGMA freelist_count"), 0);
}

TEST_F(Nights, ShrinkWhileAnotherWritesIsRefused) {
  (void)night(kMonday, 0);
  Database other(file_.path(), IfMissing::refuse);
  other.run("BEGIN IMMEDIATE");
  store_.database().run("PRAGMA busy_timeout=20");
  EXPECT_THROW((void)shrink(store_), base::RigError);
  other.run("ROLLBACK");
}

}  // namespace
}  // namespace rig::store
