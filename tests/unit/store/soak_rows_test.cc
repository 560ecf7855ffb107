#include "store/soak_rows.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/rig_error.h"
#include "unit/store/store_fixture.h"

namespace rig::store {
namespace {

using namespace std::chrono_literals;
using record::Verdict;

SoakStart some_soak(const std::string& name = "monday") {
  SoakStart start;
  start.batch = name;
  start.seed = 0xFFFF'FFFF'FFFF'FFF7ULL;
  start.options = {{"scenarios", "a\"b\nc"}, {"boards", "sim-01"}};
  start.started_unix_us = 1'700'000'000'000'000;
  start.length = 8h;
  start.controller = {.pid = 77, .started = "boot:123"};
  return start;
}

TEST(SoakRows, KeepWhatItTakesToGoOn) {
  TemporaryFile file;
  {
    Store store(file.path(), {.commit = Commit::timed});
    begin_soak(store, some_soak());
    set_soak_time(store, "monday", 90min);
  }
  Store store(file.path());
  const Soak soak = soak_named(store, "monday").value();
  EXPECT_EQ(soak.seed, some_soak().seed);
  EXPECT_EQ(soak.options, some_soak().options);
  EXPECT_EQ(soak.length, base::Duration(8h));
  EXPECT_FALSE(soak.cycles.has_value());
  EXPECT_EQ(soak.ran, base::Duration(90min));
  EXPECT_EQ(soak.controller, some_soak().controller);
  EXPECT_EQ(soak.state, CampaignState::running);
  EXPECT_FALSE(soak_named(store, "tuesday").has_value());
}

TEST(SoakRows, ANameIsUsedOnce) {
  TemporaryFile file;
  Store store(file.path());
  begin_soak(store, some_soak());
  EXPECT_THROW(begin_soak(store, some_soak()), base::UsageError);
  EXPECT_EQ(soaks(store).size(), 1U);
}

TEST(SoakRows, OfTwoControllersOneGetsIt) {
  TemporaryFile file;
  Store store(file.path());
  begin_soak(store, some_soak());
  const Controller dead = some_soak().controller;
  EXPECT_TRUE(take_soak(store, "monday", dead, {.pid = 78, .started = "boot:200"}));
  EXPECT_FALSE(take_soak(store, "monday", dead, {.pid = 79, .started = "boot:201"}));
  EXPECT_EQ(soak_named(store, "monday")->controller.pid, 78);
}

TEST(SoakRows, EndAndGoOn) {
  TemporaryFile file;
  Store store(file.path());
  begin_soak(store, some_soak());
  Soak soak = soak_named(store, "monday").value();
  soak.state = CampaignState::interrupted;
  soak.ended_unix_us = 9;
  soak.ran = 2h;
  end_soak(store, soak);
  EXPECT_EQ(soak_named(store, "monday")->state, CampaignState::interrupted);
  EXPECT_EQ(soak_named(store, "monday")->ended_unix_us, 9);
  ASSERT_TRUE(take_soak(store, "monday", soak.controller, {.pid = 1, .started = "x"}));
  const Soak again = soak_named(store, "monday").value();
  EXPECT_EQ(again.state, CampaignState::running);
  EXPECT_FALSE(again.ended_unix_us.has_value());
  EXPECT_EQ(again.ran, base::Duration(2h));
}

TEST(SoakRows, TheLatestStateOfABoardHoldsAndTheOthersAreHistory) {
  TemporaryFile file;
  Store store(file.path());
  const auto say = [&](const char* board, BoardCondition condition, const char* reason) {
    set_board_state(store, {.bench = "desk",
                            .board = board,
                            .condition = condition,
                            .reason = reason,
                            .since_unix_us = 5});
  };
  say("one", BoardCondition::quarantined, "silent");
  say("two", BoardCondition::quarantined, "relay stuck");
  say("one", BoardCondition::ok, "released");
  const auto now = board_states(store);
  ASSERT_EQ(now.size(), 2U);
  EXPECT_EQ(now[0].board, "one");
  EXPECT_EQ(now[0].condition, BoardCondition::ok);
  EXPECT_EQ(now[1].condition, BoardCondition::quarantined);
  EXPECT_EQ(now[1].reason, "relay stuck");
  const auto history = board_history(store, "desk", "one");
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].reason, "silent");
}

TEST(SoakRows, AnOpenCycleIsBegunAgainOnAnotherBoard) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId first = store.begin_campaign(some_campaign());
  const CampaignId second = store.begin_campaign(some_campaign());
  const CycleId cycle = store.begin_cycle(first, intent(4));
  CycleIntent again = intent(4);
  again.link_profile = "edge";
  store.begin_again(cycle, second, again);
  EXPECT_EQ(store.cycle(cycle).campaign, second);
  EXPECT_EQ(store.cycle(cycle).attempts, 2U);
  EXPECT_EQ(store.cycle(cycle).intent.link_profile, "edge");
  store.finish_cycle(cycle, outcome(Verdict::resumed), pack({}));
  EXPECT_THROW(store.begin_again(cycle, first, again), base::RigError);
  EXPECT_TRUE(store.cycles(first).empty());
}

TEST(SoakRows, AQuietRigCommitsByTheClock) {
  TemporaryFile file;
  Store store(file.path(), {.commit = Commit::timed});
  const CampaignId id = store.begin_campaign(some_campaign());
  const CycleIntent cycle = intent(0);
  // The first begin ever finds its commit long overdue.
  (void)store.begin_cycle(id, cycle);
  const CycleId waits = store.begin_cycle(id, intent(1));
  Store other(file.path());
  EXPECT_EQ(other.cycles(id).size(), 1U);
  store.tick(intent(1).started_unix_us + 200'000);
  EXPECT_EQ(other.cycles(id).size(), 1U);
  store.tick(intent(1).started_unix_us + 250'001);
  EXPECT_EQ(other.cycles(id).size(), 2U);
  EXPECT_EQ(other.cycle(waits).intent.index, 1U);
  (void)store.begin_cycle(id, intent(2));
  store.tick(intent(1).started_unix_us - 3'600'000'000);  // somebody set the clock back
  EXPECT_EQ(other.cycles(id).size(), 3U);
}

TEST(SoakRows, ADamagedFileSaysHowToGetWhatIsReadable) {
  TemporaryFile file;
  {
    Store store(file.path());
    const CampaignId id = store.begin_campaign(some_campaign());
    for (std::uint64_t i = 0; i < 500; ++i) (void)store.begin_cycle(id, intent(i));
  }
  {
    std::fstream damage(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    damage.seekp(2 * 4096);
    damage << std::string(60 * 4096, '\x5a');
  }
  try {
    Store store(file.path());
    (void)store.cycles({1});
    FAIL() << "nobody noticed";
  } catch (const base::RigError& error) {
    EXPECT_NE(std::string(error.what()).find(".recover"), std::string::npos) << error.what();
  }
}

TEST(SoakRows, ACampaignRemembersBoardAndRole) {
  TemporaryFile file;
  Store store(file.path());
  CampaignStart start = some_campaign();
  start.board_name = "sim-03";
  start.role = CampaignRole::known_bad;
  const CampaignId id = store.begin_campaign(start);
  EXPECT_EQ(store.campaign(id).board_name, "sim-03");
  EXPECT_EQ(store.campaign(id).role, CampaignRole::known_bad);
  store.end_campaign(id, CampaignState::interrupted, 5);
  store.reopen_campaign(id);
  EXPECT_EQ(store.campaign(id).state, CampaignState::running);
  EXPECT_FALSE(store.campaign(id).ended_unix_us.has_value());
}

TEST(SoakRows, WhatAKilledProcessLeftRunningIsEndedWhenItsLastCycleDid) {
  TemporaryFile file;
  Store store(file.path());
  const Controller dead{.pid = 4711, .started = "before"};
  const Controller alive{.pid = 4712, .started = "now"};
  const CampaignId lost = store.begin_campaign(some_campaign());
  const CampaignId busy = store.begin_campaign(some_campaign());
  const CampaignId unknown = store.begin_campaign(some_campaign());
  const CampaignId empty = store.begin_campaign(some_campaign());
  for (const CampaignId id : {lost, empty}) set_controller(store, id, dead);
  set_controller(store, busy, alive);
  store.finish_cycle(store.begin_cycle(lost, intent(0)), outcome(Verdict::resumed), pack({}));
  (void)store.begin_cycle(lost, intent(1));
  const auto is_alive = [&](const Controller& each) { return each == alive; };
  EXPECT_EQ(end_abandoned(store, is_alive), 2U);
  EXPECT_EQ(store.campaign(lost).state, CampaignState::interrupted);
  EXPECT_EQ(store.campaign(lost).ended_unix_us, outcome(Verdict::resumed).ended_unix_us);
  EXPECT_EQ(store.campaign(empty).ended_unix_us, some_campaign().started_unix_us);
  EXPECT_EQ(store.campaign(busy).state, CampaignState::running);
  EXPECT_EQ(store.campaign(unknown).state, CampaignState::running);
  EXPECT_EQ(end_abandoned(store, is_alive), 0U);
}

}  // namespace
}  // namespace rig::store
