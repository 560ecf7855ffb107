// Nights in order: trend, last good, first bad, and what is flaky.
#include "gate/history.h"

#include <gtest/gtest.h>

#include "unit/gate/stored.h"

namespace rig::gate {
namespace {

using record::Verdict;
using test::book;
using test::control;
using test::cuts;
using test::operator+;

ScenarioHistory of(const std::vector<Count>& nights) {
  ScenarioHistory history{.scenario = "a"};
  for (const Count& count : nights) {
    history.nights.push_back({.name = "night " + std::to_string(history.nights.size()),
                              .build = "build " + std::to_string(history.nights.size()),
                              .cuts = count});
  }
  conclude(history);
  return history;
}

TEST(History, FindsTheChangeThatStillHolds) {
  const ScenarioHistory history =
      of({{3, 40, 0}, {0, 40, 0}, {0, 40, 0}, {2, 40, 0}, {0, 0, 9}, {1, 40, 0}});
  EXPECT_EQ(history.last_good, 2U);
  EXPECT_EQ(history.first_bad, 3U);
}

TEST(History, AGoodEndHasNoFirstBad) {
  const ScenarioHistory history = of({{0, 40, 0}, {2, 40, 0}, {0, 40, 0}});
  EXPECT_FALSE(history.first_bad.has_value());
  EXPECT_FALSE(history.last_good.has_value());
}

TEST(History, BadFromTheBeginning) {
  const ScenarioHistory history = of({{0, 0, 3}, {2, 40, 0}, {2, 40, 0}});
  EXPECT_EQ(history.first_bad, 1U);
  EXPECT_FALSE(history.last_good.has_value());
}

TEST(History, ATrendOfSmallSteps) {
  EXPECT_LT(of({{0, 300, 0}, {2, 300, 0}, {4, 300, 0}, {8, 300, 0}}).trend.p_value, 0.01);
  EXPECT_GT(of({{2, 300, 0}, {3, 300, 0}, {2, 300, 0}, {3, 300, 0}}).trend.p_value, 0.5);
}

TEST(Unsteady, NamesTheBoardThatStandsOut) {
  const auto found = unsteady({{.board = "a", .cuts = {0, 200, 4}},
                               {.board = "b", .cuts = {0, 150, 60}},
                               {.board = "c", .cuts = {0, 200, 6}},
                               {.board = "d", .cuts = {0, 9, 1}}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].board, "b");
  EXPECT_LT(found[0].p_value, 1e-6);
}

TEST(Unsteady, ABoardThatFailsWithoutACutNowAndThen) {
  const auto found =
      unsteady({{.board = "a", .cuts = {0, 20, 0}, .controls = {.clean = 9}},
                {.board = "b", .cuts = {0, 20, 0}, .controls = {.clean = 8, .failed = 1}}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].board, "b");
}

TEST(HistoryOf, ReadsNightsFromTheStore) {
  store::TemporaryFile file;
  store::Store store(file.path());
  book(store, {.board_name = "sim-1", .batch = "monday"},
       std::vector{control()} + cuts(9, Verdict::resumed));
  book(store, {.board_name = "sim-2", .batch = "monday"}, cuts(9, Verdict::resumed));
  book(store, {.hash = "beef", .batch = "tuesday"},
       std::vector{control(), control(Verdict::flaky_baseline)} + cuts(3, Verdict::stuck));
  book(store, {.role = store::CampaignRole::known_bad}, cuts(9, Verdict::bricked));
  const History history = history_of(store, {});
  ASSERT_EQ(history.scenarios.size(), 1U);
  const ScenarioHistory& found = history.scenarios[0];
  ASSERT_EQ(found.nights.size(), 2U);
  EXPECT_EQ(found.nights[0].cuts, (Count{0, 18, 0}));
  EXPECT_EQ(found.nights[0].campaigns.size(), 2U);
  EXPECT_EQ(found.first_bad, 1U);
  EXPECT_EQ(found.last_good, 0U);
  EXPECT_TRUE(found.flaky_baseline);
  const std::string said = to_text(history);
  EXPECT_NE(said.find("last good: monday (electron-2.0.0@3fa1); first bad: tuesday"),
            std::string::npos)
      << said;
  EXPECT_NE(to_json(history).find("\"first_bad\": {"), std::string::npos);
}

// On another kind of board the firmware is another build: a good one there hides no bad one here.
TEST(HistoryOf, TellsKindsOfBoardsApart) {
  store::TemporaryFile file;
  store::Store store(file.path());
  book(store, {.board_name = "sim-1", .batch = "monday"}, cuts(9, Verdict::resumed));
  book(store, {.hash = "beef", .board_name = "sim-1", .batch = "tuesday"}, cuts(9, Verdict::stuck));
  book(store, {.hash = "cafe", .board = "qemu", .board_name = "qemu-1", .batch = "tuesday"},
       cuts(9, Verdict::resumed));
  const History history = history_of(store, {});
  ASSERT_EQ(history.scenarios.size(), 2U);
  EXPECT_EQ(history.scenarios[0].board, "sim");
  EXPECT_EQ(history.scenarios[0].first_bad, 1U);
  EXPECT_EQ(history.scenarios[1].board, "qemu");
  EXPECT_FALSE(history.scenarios[1].first_bad.has_value());
  EXPECT_NE(to_text(history).find("electron/a on qemu\n"), std::string::npos) << to_text(history);
  EXPECT_NE(to_json(history).find("\"board\": \"qemu\""), std::string::npos);
}

// Every attempt stays: the pass does not hide the failure.
TEST(HistoryOf, NamesAPlanThatPassesAndFails) {
  store::TemporaryFile file;
  store::Store store(file.path());
  book(store, {.board = "serial", .board_name = "desk"},
       {{.verdict = Verdict::resumed, .cut = 5}, {.verdict = Verdict::resumed, .cut = 6}});
  book(store, {.board = "serial", .board_name = "desk"},
       {{.verdict = Verdict::stuck, .cut = 5}, {.verdict = Verdict::void_trial, .cut = 6}});
  const History history = history_of(store, {.scenarios = {"electron/a"}});
  ASSERT_EQ(history.scenarios.at(0).mixed.size(), 1U);
  const store::MixedPlan& mixed = history.scenarios[0].mixed[0];
  EXPECT_NE(mixed.plan.find("flash-op=5"), std::string::npos);
  ASSERT_EQ(mixed.attempts.size(), 2U);
  EXPECT_EQ(mixed.attempts[1].verdict, Verdict::stuck);
  EXPECT_NE(to_text(history).find("resumed in cycle 1, stuck in cycle 3"), std::string::npos);
}

}  // namespace
}  // namespace rig::gate
