#include "store/schema.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/rig_error.h"
#include "store/exploration_rows.h"
#include "store/soak_rows.h"
#include "unit/store/store_fixture.h"

namespace rig::store {
namespace {

using record::Verdict;

// What an otarig of schema version 1 left behind: one campaign with one judged cycle.
void write_version_1(const std::string& path) {
  Database old(path, IfMissing::create);
  old.run(migration_step(0));
  old.run("PRAGMA application_id=0x4F544152; PRAGMA user_version=1");
  old.run(
      "INSERT INTO campaigns (scenario, scenario_yaml, title, labels, board, firmware, "
      "firmware_hash, otarig_version, seed, started_unix_us, state) VALUES ('electron/old', 'y', "
      "'old', '{\"sim\":\"built-in\"}', 'sim', 'electron-0.6.4', 'abc', '0.0.1', '7', 5, "
      "'running');"
      "INSERT INTO cycles (campaign, cycle_index, plan, kind, started_unix_us, ended_unix_us, "
      "verdict, phase, cut_op, cut_address, cut_op_kind, torn, cut_at_us, host_us) VALUES (1, 0, "
      "'p', 'cut', 5, 6, 'stuck', 'applying', 4, 134742016, 'erase', 'old', 77, 9);"
      "INSERT INTO findings VALUES (1, 0, 'stuck', 1, 12, 'loops')");
  const PackedTimeline packed = pack(some_timeline(5));
  Statement(old, "INSERT INTO timelines (cycle, events, packed) VALUES (1, ?, ?)")
      .with(packed.events, packed.packed)
      .run();
}

std::string refusal_of(const std::string& path) {
  try {
    Store store(path);
  } catch (const base::UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(Schema, MigratesAVersion1FileWithItsRows) {
  TemporaryFile file;
  write_version_1(file.path());
  Store store(file.path());
  EXPECT_EQ(store.database().query_integer("PRAGMA user_version"), kSchemaVersion);
  const Campaign campaign = store.campaign({1});
  EXPECT_EQ(campaign.labels.at("sim"), "built-in");
  EXPECT_EQ(campaign.batch, "");
  const Cycle cycle = store.cycle({1});
  EXPECT_EQ(cycle.outcome->judgement.verdict, Verdict::stuck);
  EXPECT_EQ(cycle.outcome->cut.op_kind, "erase");
  EXPECT_EQ(cycle.outcome->judgement.findings.at(0).text, "loops");
  EXPECT_EQ(store.timeline({1}), some_timeline(5));
  const CycleId more = store.begin_cycle({1}, intent(1));
  store.finish_cycle(more, outcome(Verdict::resumed), pack(some_timeline(5)));
  EXPECT_EQ(store.summary({1}).cuts.total(), 2U);
}

// A version 2 file, as the otarig before soaks left it.
TEST(Schema, MigratesAVersion2FileWithItsRows) {
  TemporaryFile file;
  write_version_1(file.path());
  {
    Database old(file.path(), IfMissing::refuse);
    old.run(migration_step(1));
    old.run("UPDATE campaigns SET batch='demo'; PRAGMA user_version=2");
  }
  Store store(file.path());
  EXPECT_EQ(store.database().query_integer("PRAGMA user_version"), kSchemaVersion);
  const Campaign campaign = store.batch("demo").at(0);
  EXPECT_EQ(campaign.board_name, "");
  EXPECT_EQ(campaign.role, CampaignRole::trial);
  EXPECT_EQ(store.cycle({1}).attempts, 1U);
  EXPECT_EQ(store.cycle({1}).intent.link_profile, "");
  EXPECT_EQ(store.summary({1}).cuts.of(Verdict::stuck), 1U);
}

// A version 3 file, as the otarig before controllers left it, with a night in it.
TEST(Schema, MigratesAVersion3FileWithItsRows) {
  TemporaryFile file;
  write_version_1(file.path());
  {
    Database old(file.path(), IfMissing::refuse);
    old.run(migration_step(1));
    old.run(migration_step(2));
    old.run(
        "UPDATE campaigns SET batch='monday', board_name='sim-01'; INSERT INTO soaks (batch, seed, "
        "options, started_unix_us, cycles_wanted, state, controller_pid, controller_started) "
        "VALUES ('monday', '7', '{}', 5, 10, 'running', 1, 'x'); PRAGMA user_version=3");
  }
  Store store(file.path());
  EXPECT_EQ(store.database().query_integer("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(store.batch("monday").at(0).board_name, "sim-01");
  EXPECT_EQ(end_abandoned(store, [](const Controller&) { return false; }), 1U);
  EXPECT_EQ(soak_named(store, "monday")->state, CampaignState::interrupted);
}

// What a gate asks of a million cycles is answered from an index, without the rows.
TEST(Schema, CountsPerPhaseAndVerdictReadOnlyTheIndex) {
  TemporaryFile file;
  Store store(file.path());
  Statement plan(store.database(),
                 "EXPLAIN QUERY PLAN SELECT kind, verdict, phase, count(*) FROM cycles "
                 "WHERE campaign IN (SELECT id FROM campaigns WHERE scenario='a') AND verdict NOT "
                 "NULL GROUP BY kind, verdict, phase");
  std::string steps;
  while (plan.step()) steps += plan.text(3) + "\n";
  EXPECT_NE(steps.find("COVERING INDEX cycles_by_outcome"), std::string::npos) << steps;
  EXPECT_NE(steps.find("campaigns_by_scenario"), std::string::npos) << steps;
}

TEST(Schema, AnEmptyFileGetsTheCurrentVersion) {
  TemporaryFile file;
  Store store(file.path());
  EXPECT_EQ(store.database().query_integer("PRAGMA user_version"), kSchemaVersion);
  EXPECT_EQ(store.database().query_integer("PRAGMA foreign_keys"), 1);
  EXPECT_TRUE(store.campaigns().empty());
}

TEST(Schema, RefusesANewerVersionAndNamesBoth) {
  TemporaryFile file;
  { Store store(file.path()); }
  { Database(file.path(), IfMissing::refuse).run("PRAGMA user_version=9"); }
  const std::string refusal = refusal_of(file.path());
  EXPECT_NE(refusal.find("version 9"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("version 5"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find(file.path()), std::string::npos) << refusal;
}

TEST(Schema, RefusesForeignFiles) {
  TemporaryFile file;
  { Database(file.path(), IfMissing::create).run("CREATE TABLE moz_places (id)"); }
  EXPECT_NE(refusal_of(file.path()).find("not one of otarig's"), std::string::npos);
  std::ofstream(file.path() + ".txt") << std::string(5000, 'x');
  EXPECT_NE(refusal_of(file.path() + ".txt").find("not an otarig database"), std::string::npos);
}

TEST(Schema, DeletingACampaignTakesItsRowsAlong) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId id = store.begin_campaign(some_campaign());
  store.set_trunk(id, some_timeline(3));
  store.finish_cycle(store.begin_cycle(id, intent(0)), outcome(Verdict::stuck), pack({}));
  set_explored(store, id, {.cells = 9, .decided = 8, .failing = 7, .coverage = R"({"a":1})"});
  EXPECT_EQ(explored(store, id)->decided, 8U);
  set_explored(store, id, {.cells = 9, .decided = 9, .failing = 7, .coverage = "{}"});
  EXPECT_EQ(explored(store, id)->decided, 9U);
  store.database().run("DELETE FROM campaigns");
  EXPECT_FALSE(explored(store, id));
  EXPECT_EQ(store.database().query_integer("SELECT count(*) FROM timelines"), 0);
  EXPECT_EQ(store.database().query_integer("SELECT count(*) FROM trunks"), 0);
}

}  // namespace
}  // namespace rig::store
