#include "store/store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "base/rig_error.h"
#include "unit/store/store_fixture.h"

namespace rig::store {
namespace {

using record::Verdict;

TEST(Store, GivesBackACampaignAsItWasBegun) {
  TemporaryFile file;
  CampaignId id;
  const CampaignStart start = some_campaign();
  {
    Store store(file.path());
    id = store.begin_campaign(start);
    store.set_plan(id, 120, 98'326);
    store.end_campaign(id, CampaignState::finished, start.started_unix_us + 5);
  }
  Store store(file.path(), {.if_missing = IfMissing::refuse});
  const Campaign found = store.campaign(id);
  EXPECT_EQ(found.scenario, start.scenario);
  EXPECT_EQ(found.scenario_yaml, start.scenario_yaml);
  EXPECT_EQ(found.labels, start.labels);
  EXPECT_EQ(found.image_hashes, start.image_hashes);
  EXPECT_EQ(found.seed, start.seed);
  EXPECT_EQ(found.state, CampaignState::finished);
  EXPECT_EQ(found.ended_unix_us, start.started_unix_us + 5);
  EXPECT_EQ(found.points_planned, 120U);
  EXPECT_EQ(found.flash_ops_total, 98'326U);
  EXPECT_EQ(store.batch("demo").size(), 1U);
  EXPECT_TRUE(store.batch("nightly").empty());
}

TEST(Store, GivesBackACycleWithItsFindingsAndTimeline) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId campaign = store.begin_campaign(some_campaign());
  const CycleId id = store.begin_cycle(campaign, intent(3));
  CycleOutcome written = outcome(Verdict::user_firmware_lost);
  written.recovery = std::chrono::seconds(30);
  written.judgement.findings = {
      {Verdict::user_firmware_lost, true, base::Instant(base::Duration(123'456'789)), "user=none"},
      {Verdict::resumed, false, base::Instant(base::Duration(5)), "healed after 41 s"}};
  const record::Timeline timeline = some_timeline(200);
  store.finish_cycle(id, written, pack(timeline));

  const Cycle read = store.cycle(id);
  ASSERT_TRUE(read.outcome);
  EXPECT_EQ(read.intent.index, 3U);
  EXPECT_EQ(read.intent.plan, intent(3).plan);
  EXPECT_EQ(read.outcome->judgement.verdict, Verdict::user_firmware_lost);
  EXPECT_EQ(read.outcome->judgement.findings, written.judgement.findings);
  EXPECT_EQ(read.outcome->cut, written.cut);
  EXPECT_EQ(read.outcome->recovery, written.recovery);
  EXPECT_EQ(read.outcome->host, written.host);
  EXPECT_EQ(store.timeline(id), timeline);
  EXPECT_EQ(store.cycle_of_plan(intent(3).plan, "sim")->id, id);
  EXPECT_FALSE(store.cycle_of_plan("another", "sim"));
  EXPECT_FALSE(store.cycle_of_plan(intent(3).plan, "qemu"));
}

TEST(Store, StoresOnlyWhatDiffersFromTheTrunk) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId campaign = store.begin_campaign(some_campaign());
  const record::Timeline trunk = some_timeline(1000);
  store.set_trunk(campaign, trunk);
  record::Timeline cut(trunk.begin(), trunk.begin() + 900);
  cut.push_back({.at = base::Instant(std::chrono::seconds(2)),
                 .lane = record::Lane::power,
                 .kind = record::EventKind::off,
                 .address = {},
                 .value = {},
                 .text = "board"});
  const CycleId id = store.begin_cycle(campaign, intent(0));
  const PackedTimeline packed = pack(cut, trunk);
  EXPECT_EQ(packed.shared_events, 900U);
  EXPECT_LT(packed.packed.size(), 100U);
  store.finish_cycle(id, outcome(Verdict::resumed), packed);
  EXPECT_EQ(store.timeline(id), cut);
  EXPECT_EQ(store.timeline(id, trunk), cut);
}

TEST(Store, ReportsDamagedTimelines) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId campaign = store.begin_campaign(some_campaign());
  const CycleId id = store.begin_cycle(campaign, intent(0));
  store.finish_cycle(id, outcome(Verdict::resumed), pack(some_timeline(50)));
  store.database().run("UPDATE timelines SET packed = x'ffffff7f00'");
  EXPECT_THROW((void)store.timeline(id), base::RigError);
  store.database().run("UPDATE timelines SET packed = x'00'");
  EXPECT_THROW((void)store.timeline(id), base::RigError);
}

TEST(Store, NeverBooksACycleTwice) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId campaign = store.begin_campaign(some_campaign());
  const CycleId id = store.begin_cycle(campaign, intent(0));
  EXPECT_THROW((void)store.begin_cycle(campaign, intent(0)), base::RigError);
  store.finish_cycle(id, outcome(Verdict::resumed), pack({}));
  EXPECT_THROW(store.finish_cycle(id, outcome(Verdict::bricked), pack({})), base::RigError);
  EXPECT_EQ(store.cycle(id).outcome->judgement.verdict, Verdict::resumed);
  EXPECT_EQ(store.cycles(campaign).size(), 1U);
}

TEST(Store, CyclesNeedACampaign) {
  TemporaryFile file;
  Store store(file.path());
  EXPECT_THROW((void)store.begin_cycle({99}, intent(0)), base::RigError);
  EXPECT_THROW((void)store.campaign({99}), base::UsageError);
  EXPECT_THROW((void)store.cycle({99}), base::UsageError);
}

TEST(Store, DoesNotFinishACampaignWithOpenCycles) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId campaign = store.begin_campaign(some_campaign());
  (void)store.begin_cycle(campaign, intent(0));
  EXPECT_THROW(store.end_campaign(campaign, CampaignState::finished, 1), base::RigError);
  store.end_campaign(campaign, CampaignState::interrupted, 1);
  EXPECT_EQ(store.campaign(campaign).state, CampaignState::interrupted);
  EXPECT_EQ(store.summary(campaign).open_cycles, 1U);
}

TEST(Store, SummarisesByVerdictAndPhase) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId campaign = store.begin_campaign(some_campaign());
  const CycleId control = store.begin_cycle(campaign, intent(0, CycleKind::control));
  store.finish_cycle(control, outcome(Verdict::survived_new, "none"), pack({}));
  for (std::uint64_t i = 1; i <= 10; ++i) {
    const bool lost = i > 6;
    CycleOutcome each =
        outcome(lost ? Verdict::unreachable : Verdict::resumed, lost ? "safe-mode" : "downloading");
    each.cut.op = i * 100;
    each.cut.at = std::chrono::seconds(i);
    store.finish_cycle(store.begin_cycle(campaign, intent(i)), each, pack({}));
  }
  const CampaignSummary summary = store.summary(campaign);
  EXPECT_EQ(summary.controls.of(Verdict::survived_new), 1U);
  EXPECT_EQ(summary.cuts.total(), 10U);
  EXPECT_EQ(summary.cuts.failures(), 4U);
  ASSERT_EQ(summary.phases.size(), 2U);
  EXPECT_EQ(summary.phases[0].phase, "downloading");
  EXPECT_EQ(summary.phases[1].counts.of(Verdict::unreachable), 4U);
  ASSERT_EQ(summary.first_cuts.size(), 2U);
  EXPECT_EQ(summary.first_cuts[1].verdict, Verdict::unreachable);
  EXPECT_EQ(summary.first_cuts[1].cut.op, 700U);
  EXPECT_EQ(summary.first_cuts[1].plan, intent(7).plan);
  EXPECT_EQ(summary.torn.at("prefix.1"), 10U);
}

TEST(Store, FiltersCycles) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId campaign = store.begin_campaign(some_campaign());
  const auto book = [&](std::uint64_t index, Verdict verdict, const std::string& phase) {
    store.finish_cycle(store.begin_cycle(campaign, intent(index)), outcome(verdict, phase),
                       pack({}));
  };
  book(2, Verdict::bricked, "applying");
  book(1, Verdict::void_trial, "applying");
  book(0, Verdict::apn_lost, "safe-mode");
  (void)store.begin_cycle(campaign, intent(3));
  EXPECT_EQ(store.cycles(campaign).size(), 4U);
  EXPECT_EQ(store.cycles(campaign)[0].outcome->judgement.verdict, Verdict::apn_lost);
  EXPECT_EQ(store.counterexamples(campaign).size(), 2U);
  EXPECT_EQ(store.cycles(campaign, {.verdict = Verdict::bricked}).size(), 1U);
  EXPECT_EQ(store.cycles(campaign, {.phase = "applying"}).size(), 2U);
  const auto open = store.cycles(campaign, {.open_only = true});
  ASSERT_EQ(open.size(), 1U);
  EXPECT_FALSE(open[0].outcome);
}

TEST(Store, ReplacesAJudgementAndNothingElse) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId campaign = store.begin_campaign(some_campaign());
  const CycleId id = store.begin_cycle(campaign, intent(0));
  CycleOutcome first = outcome(Verdict::bricked);
  first.judgement.findings = {{Verdict::bricked, true, {}, "one"}, {Verdict::stuck, true, {}, "2"}};
  store.finish_cycle(id, first, pack(some_timeline(10)));
  store.replace_judgement(id, {Verdict::resumed, "pending", {{Verdict::resumed, true, {}, "x"}}});
  const Cycle read = store.cycle(id);
  EXPECT_EQ(read.outcome->judgement.verdict, Verdict::resumed);
  EXPECT_EQ(read.outcome->judgement.phase, "pending");
  ASSERT_EQ(read.outcome->judgement.findings.size(), 1U);
  EXPECT_EQ(read.outcome->judgement.findings[0].text, "x");
  EXPECT_EQ(read.outcome->cut, first.cut);
  EXPECT_EQ(store.timeline(id), some_timeline(10));
  const CycleId open = store.begin_cycle(campaign, intent(1));
  EXPECT_THROW(store.replace_judgement(open, {Verdict::resumed, "", {}}), base::UsageError);
}

// A child process books cycles and dies as by SIGKILL: no destructor, no commit.
TEST(Store, KeepsCommittedBatchesWhenTheRigDies) {
  TemporaryFile file;
  const pid_t child = ::fork();
  if (child == 0) {
    Store store(file.path());
    const CampaignId campaign = store.begin_campaign(some_campaign());
    for (std::uint64_t i = 0; i < 300; ++i) {
      CycleOutcome each = outcome(Verdict::resumed);
      each.ended_unix_us = intent(i).started_unix_us;
      store.finish_cycle(store.begin_cycle(campaign, intent(i)), each, pack({}));
    }
    ::_exit(7);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 7);
  Store store(file.path(), {.if_missing = IfMissing::refuse});
  const CampaignSummary summary = store.summary({1});
  EXPECT_EQ(summary.campaign.state, CampaignState::running);
  EXPECT_GE(summary.cuts.total(), 256U);
  EXPECT_LT(summary.cuts.total(), 300U);  // else this test proves nothing about batches
}

TEST(Store, LeavesAnOpenIntentWhenTheRigDiesInARealCycle) {
  TemporaryFile file;
  const pid_t child = ::fork();
  if (child == 0) {
    Store store(file.path(), {.commit = Commit::each});
    const CampaignId campaign = store.begin_campaign(some_campaign());
    store.finish_cycle(store.begin_cycle(campaign, intent(0)), outcome(Verdict::resumed), pack({}));
    (void)store.begin_cycle(campaign, intent(1));
    ::_exit(7);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  Store store(file.path(), {.if_missing = IfMissing::refuse});
  const auto open = store.cycles({1}, {.open_only = true});
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].intent.plan, intent(1).plan);
  EXPECT_EQ(store.summary({1}).cuts.total(), 1U);
}

struct FullDisk {
  std::uint64_t finished{};  // calls of finish_cycle that returned
  std::uint64_t kept{};      // rows in the file afterwards
  std::string message;
};

// Books cycles until the file may not grow any more, then opens it again.
FullDisk fill(const std::string& path, Commit commit) {
  FullDisk result;
  try {
    Store store(path, {.commit = commit});
    const CampaignId campaign = store.begin_campaign(some_campaign());
    const auto pages = store.database().query_integer("PRAGMA page_count");
    store.database().run(("PRAGMA max_page_count=" + std::to_string(pages + 40)).c_str());
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      const CycleId id = store.begin_cycle(campaign, intent(i));
      store.finish_cycle(id, outcome(Verdict::resumed), pack(some_timeline(100)));
      ++result.finished;
    }
  } catch (const base::RigError& error) {
    EXPECT_EQ(error.code(), std::errc::no_space_on_device);
    result.message = error.what();
  }
  result.kept = Store(path).summary({1}).cuts.total();
  return result;
}

TEST(Store, AFullDiskNamesTheFileAndCostsNoCycleOfARealBoard) {
  TemporaryFile file;
  const FullDisk result = fill(file.path(), Commit::each);
  EXPECT_NE(result.message.find(file.path()), std::string::npos) << result.message;
  EXPECT_GT(result.finished, 10U);
  EXPECT_EQ(result.kept, result.finished);
}

TEST(Store, AFullDiskCostsAtMostTheOpenBatch) {
  TemporaryFile file;
  const FullDisk result = fill(file.path(), Commit::grouped);
  EXPECT_NE(result.message.find("disk is full"), std::string::npos) << result.message;
  EXPECT_GE(result.kept, 256U);
  EXPECT_LT(result.finished - result.kept, 256U);
}

TEST(Store, OtherProcessesReadWhileACampaignRuns) {
  TemporaryFile file;
  Store writer(file.path());
  const CampaignId campaign = writer.begin_campaign(some_campaign());
  writer.finish_cycle(writer.begin_cycle(campaign, intent(0)), outcome(Verdict::resumed), pack({}));
  writer.sync();
  (void)writer.begin_cycle(campaign, intent(1));  // leaves a transaction open
  Store reader(file.path(), {.if_missing = IfMissing::refuse});
  EXPECT_EQ(reader.summary(campaign).cuts.total(), 1U);
}

TEST(Store, RefusesAMissingFileWhenToldSo) {
  TemporaryFile file;
  EXPECT_THROW(Store(file.path(), {.if_missing = IfMissing::refuse}), base::UsageError);
  EXPECT_FALSE(std::filesystem::exists(file.path()));
}

}  // namespace
}  // namespace rig::store
