// What a gate takes from a store, and what it leaves there.
#include "gate/gather.h"

#include <gtest/gtest.h>

#include "base/rig_error.h"
#include "gate/decision.h"
#include "store/exploration_rows.h"
#include "unit/gate/stored.h"

namespace rig::gate {
namespace {

using record::Verdict;
using test::book;
using test::Booked;
using test::control;
using test::cuts;
using test::operator+;

class Gathering : public testing::Test {
 protected:
  [[nodiscard]] Evidence gathered(const Selection& selection = {}) {
    return gather(store_, policy_, selection);
  }
  [[nodiscard]] std::string complaint(const Selection& selection = {}) {
    try {
      (void)gathered(selection);
    } catch (const base::UsageError& error) {
      return error.what();
    }
    return "";
  }

  store::TemporaryFile file_;
  store::Store store_{file_.path()};
  Policy policy_{.scenarios = {"electron/a"}};
};

TEST_F(Gathering, CountsByPhaseAndKeepsVoidsApart) {
  book(store_, {.points_planned = 12},
       std::vector{control()} + cuts(7, Verdict::resumed) + cuts(2, Verdict::user_firmware_lost) +
           cuts(1, Verdict::void_trial, "none") + cuts(2, Verdict::retried, "downloading"));
  const Evidence evidence = gathered();
  EXPECT_EQ(evidence.emulated.cuts, (Count{2, 11, 1}));
  EXPECT_EQ(count_of(evidence.emulated.phases, "applying"), (Count{2, 9, 0}));
  EXPECT_EQ(count_of(evidence.emulated.phases, "downloading"), (Count{0, 2, 0}));
  EXPECT_EQ(evidence.controls.clean, 1U);
  ASSERT_EQ(evidence.emulated.coverage.size(), 1U);
  EXPECT_EQ(evidence.emulated.coverage[0].decided, 11U);
  EXPECT_EQ(evidence.emulated.coverage[0].planned, 12U);
  EXPECT_EQ(evidence.emulated.cut_times_us.size(), 11U);
  EXPECT_NE(evidence.worst_plan.find("electron/a@3fa1"), std::string::npos);
  ASSERT_EQ(evidence.builds.size(), 1U);
  EXPECT_EQ(evidence.builds[0].pair, "user_app v1 -> v2, system 0.7.0");
  EXPECT_EQ(evidence.boards.cuts, Count{});
}

// A sweep that is made again proves what it proved.
TEST_F(Gathering, ARepeatedPlanCountsOnce) {
  const auto sweep = std::vector{control()} + cuts(20, Verdict::resumed);
  book(store_, {.points_planned = 20}, sweep);
  book(store_, {.points_planned = 20}, sweep + cuts(5, Verdict::resumed));
  const Evidence evidence = gathered();
  EXPECT_EQ(evidence.emulated.cuts, (Count{0, 25, 0}));
  EXPECT_EQ(evidence.emulated.repeated, 20U);
  EXPECT_EQ(evidence.emulated.coverage[0].decided, 25U);
}

// Of an exploration the cells count; its cycles are examples.
TEST_F(Gathering, TakesTheCellsOfAnExplorationForItsCoverage) {
  const auto id =
      book(store_, {.points_planned = 400'000}, std::vector{control()} + cuts(4, Verdict::resumed));
  EXPECT_EQ(gathered().emulated.coverage[0].decided, 4U);
  store::set_explored(store_, id,
                      {.cells = 400'000, .decided = 399'999, .failing = 0, .coverage = "{}"});
  EXPECT_EQ(gathered().emulated.coverage[0].decided, 399'999U);
  EXPECT_EQ(gathered().emulated.coverage[0].planned, 400'000U);
  policy_.emulated = EmulatedRule{.coverage = 1.0};
  EXPECT_NE(decide(policy_, gathered()).answer, Answer::accept);
  store::set_explored(store_, id,
                      {.cells = 400'000, .decided = 400'000, .failing = 0, .coverage = "{}"});
  EXPECT_EQ(decide(policy_, gathered()).answer, Answer::accept);
}

TEST_F(Gathering, ARepeatedPlanHasItsWorstOutcome) {
  book(store_, {}, {{.verdict = Verdict::resumed, .cut = 5}});
  book(store_, {}, {{.verdict = Verdict::bricked, .cut = 5}});
  book(store_, {}, {{.verdict = Verdict::rig_fault, .cut = 5}});
  EXPECT_EQ(gathered().emulated.cuts, (Count{1, 1, 0}));
}

// Boards of a night share its seed; their cuts are their own. So are those of a real board.
TEST_F(Gathering, BoardsOfANightDoNotRepeatEachOther) {
  book(store_, {.board_name = "sim-1", .batch = "night"}, cuts(9, Verdict::resumed));
  book(store_, {.board_name = "sim-2", .batch = "night"}, cuts(9, Verdict::resumed));
  book(store_, {.board = "serial", .board_name = "desk"}, cuts(4, Verdict::resumed));
  book(store_, {.board = "serial", .board_name = "desk"}, cuts(4, Verdict::resumed));
  const Evidence evidence = gathered();
  EXPECT_EQ(evidence.emulated.cuts.trials, 18U);
  EXPECT_EQ(evidence.boards.cuts.trials, 8U);
  EXPECT_EQ(count_of(evidence.boards.boards, "desk").trials, 8U);
}

TEST_F(Gathering, NamedEmulatedBoardsMayStandForBoards) {
  policy_.boards = BoardsRule{.kinds = {"sim"}};
  book(store_, {.board_name = "sim-1", .batch = "night"}, cuts(9, Verdict::resumed));
  book(store_, {.seed = 8, .points_planned = 5}, cuts(5, Verdict::resumed));
  const Evidence evidence = gathered();
  EXPECT_EQ(evidence.boards.cuts.trials, 9U);
  EXPECT_EQ(evidence.emulated.cuts.trials, 5U);
}

TEST_F(Gathering, OnlyTheLatestBuildCounts) {
  book(store_, {.hash = "0ld0"}, cuts(50, Verdict::bricked));
  book(store_, {.hash = "0ld1"}, cuts(50, Verdict::resumed));
  book(store_, {.hash = "fresh"}, cuts(3, Verdict::resumed));
  const Evidence evidence = gathered();
  EXPECT_EQ(evidence.emulated.cuts, (Count{0, 3, 0}));
  EXPECT_EQ(evidence.builds[0].older_left_out, 2U);
  policy_.firmware.hash = "0ld0";
  EXPECT_EQ(gathered().emulated.cuts.failures, 50U);
}

TEST_F(Gathering, AnotherPairIsNoEvidence) {
  book(store_, {}, cuts(3, Verdict::resumed));
  policy_.firmware.from = {{"user_app", "v1"}};
  policy_.firmware.to = {{"user_app", "v2"}, {"system", "0.7.0"}};
  EXPECT_EQ(gathered().emulated.cuts.trials, 3U);
  policy_.firmware.to = {{"user_app", "v9"}};
  EXPECT_EQ(gathered().emulated.cuts.trials, 0U);
  policy_.firmware = {.name = "electron-0.7.0"};
  EXPECT_EQ(gathered().emulated.cuts.trials, 0U);
}

TEST_F(Gathering, AFailingControlIsNoFaultOfTheRig) {
  book(store_, {}, {control(Verdict::flaky_baseline), control(Verdict::rig_fault)});
  book(store_, {.seed = 8}, {{.verdict = Verdict::stuck, .kind = store::CycleKind::run}});
  const Evidence evidence = gathered();
  EXPECT_EQ(evidence.controls.failed, 2U);
  EXPECT_EQ(evidence.controls.missed, 1U);
  EXPECT_EQ(decide(policy_, evidence).answer, Answer::reject);
}

TEST_F(Gathering, AKnownBadFirmwareIsNobodysFailure) {
  book(store_, {.board_name = "sim-1", .batch = "night"}, cuts(9, Verdict::resumed));
  book(store_,
       {.scenario = "electron/bad", .batch = "night", .role = store::CampaignRole::known_bad},
       cuts(4, Verdict::bricked));
  book(store_,
       {.scenario = "electron/bad", .batch = "other", .role = store::CampaignRole::known_bad},
       cuts(4, Verdict::resumed));
  const Evidence evidence = gathered();
  EXPECT_EQ(evidence.emulated.cuts, (Count{0, 9, 0}));
  ASSERT_EQ(evidence.known_bad.size(), 1U);
  EXPECT_EQ(evidence.known_bad[0].failures, 4U);
  EXPECT_EQ(evidence.known_bad[0].trials, 4U);
}

TEST_F(Gathering, IsRestrictedToANightAndToATime) {
  book(store_, {.batch = "one", .seed = 1, .started_unix_us = 1'000}, cuts(2, Verdict::resumed));
  book(store_, {.batch = "two", .seed = 2, .started_unix_us = 2'000}, cuts(3, Verdict::resumed));
  EXPECT_EQ(gathered().emulated.cuts.trials, 5U);
  EXPECT_EQ(gathered({.batch = "one"}).emulated.cuts.trials, 2U);
  EXPECT_EQ(gathered({.since_unix_us = 2'000}).emulated.cuts.trials, 3U);
  EXPECT_EQ(gathered({.since_unix_us = 2'001}).emulated.cuts.trials, 0U);
}

TEST_F(Gathering, ANameThatIsNotThereIsASlip) {
  book(store_, {.batch = "monday"}, cuts(2, Verdict::resumed));
  policy_.scenarios = {"electron/b"};
  EXPECT_NE(complaint().find("no campaign of scenario 'electron/b'; there are: electron/a"),
            std::string::npos)
      << complaint();
  policy_.scenarios = {"electron/a"};
  EXPECT_NE(complaint({.batch = "mondey"}).find("Did you mean 'monday'?"), std::string::npos);
  EXPECT_NE(complaint({.batch = "mondey"}).find(file_.path()), std::string::npos);
}

TEST(PairText, OfATextThatSaysNothing) {
  EXPECT_EQ(pair_text("scenario: x\n"), "");
  EXPECT_EQ(pair_text(": {"), "");
  EXPECT_EQ(pair_text("update: {bootloader: 2.0.0}\n"), "bootloader 2.0.0");
}

}  // namespace
}  // namespace rig::gate
