// The decision as a function of counts.
#include "gate/decision.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gate/telling.h"

namespace rig::gate {
namespace {

Policy bound(double max_rate) {
  Policy policy;
  policy.scenarios = {"electron/a"};
  policy.max_rate = max_rate;
  return policy;
}

// One scenario, one clean control run, cuts in two phases of the emulated part.
Evidence emulated(Count downloading, Count applying) {
  Evidence evidence;
  evidence.controls.clean = 1;
  Part& part = evidence.emulated;
  add_to(part.phases, "downloading", downloading);
  add_to(part.phases, "applying", applying);
  part.cuts.add(downloading);
  part.cuts.add(applying);
  evidence.tried = {{.scenario = "electron/a", .cuts = part.cuts}};
  part.coverage = {{.scenario = "electron/a", .decided = part.cuts.trials, .planned = 400}};
  return evidence;
}

Evidence on_boards(std::vector<NamedCount> boards) {
  Evidence evidence;
  evidence.controls.clean = 2;
  for (const NamedCount& each : boards) evidence.boards.cuts.add(each.count);
  add_to(evidence.boards.phases, "applying", evidence.boards.cuts);
  evidence.boards.boards = std::move(boards);
  evidence.tried = {{.scenario = "electron/a", .cuts = evidence.boards.cuts}};
  return evidence;
}

const Clause& clause(const Decision& decision, const std::string& name) {
  const auto found = std::find_if(decision.clauses.begin(), decision.clauses.end(),
                                  [&](const Clause& each) { return each.name == name; });
  if (found == decision.clauses.end()) throw std::runtime_error("no clause " + name);
  return *found;
}

TEST(Decide, AcceptsWhatIsProven) {
  const Decision decision = decide(bound(0.01), emulated({0, 200, 3}, {0, 99, 0}));
  EXPECT_EQ(decision.answer, Answer::accept);
  EXPECT_EQ(decision.still_needed, 0U);
  EXPECT_EQ(exit_code_of(decision.answer), 0);
}

TEST(Decide, SaysHowManyCutsAreLacking) {
  const Decision decision = decide(bound(0.01), emulated({0, 100, 100}, {0, 100, 100}));
  EXPECT_EQ(decision.answer, Answer::not_enough);
  EXPECT_EQ(decision.still_needed, 99U);
  EXPECT_EQ(decision.cycles_needed, 198U);  // half of them have landed so far
  EXPECT_EQ(exit_code_of(decision.answer), 3);
  EXPECT_NE(to_text(decision).find("99 more cuts have to land"), std::string::npos);
}

TEST(Decide, ACutThatDidNotLandIsNoTrial) {
  EXPECT_EQ(decide(bound(0.01), emulated({0, 298, 5'000}, {})).answer, Answer::not_enough);
  EXPECT_EQ(decide(bound(0.01), emulated({0, 299, 0}, {})).answer, Answer::accept);
}

TEST(Decide, OneCounterexampleInEmulationRejects) {
  Evidence evidence = emulated({0, 20'000, 0}, {1, 20'000, 0});
  evidence.worst_plan = "electron/a@3fa1:flash-op=7:seed=1";
  const Decision decision = decide(bound(0.01), evidence);
  EXPECT_EQ(decision.answer, Answer::reject);
  EXPECT_EQ(exit_code_of(decision.answer), 1);
  EXPECT_NE(clause(decision, "emulated: counterexamples").text.find("flash-op=7"),
            std::string::npos);
  EXPECT_EQ(clause(decision, "emulated: failures").answer, Answer::accept);
  Policy lenient = bound(0.01);
  lenient.emulated.emplace().failures = 1;
  EXPECT_EQ(decide(lenient, evidence).answer, Answer::accept);
}

// On boards a failure is a sample: rejected only when the rate is shown to be too high.
TEST(Decide, BoardsAreASample) {
  Policy policy = bound(0.01);
  policy.boards.emplace();
  EXPECT_EQ(decide(policy, on_boards({{"desk-1", {1, 300, 0}}})).answer, Answer::not_enough);
  EXPECT_EQ(decide(policy, on_boards({{"desk-1", {1, 300, 0}}})).still_needed, 173U);
  EXPECT_EQ(decide(policy, on_boards({{"desk-1", {1, 473, 0}}})).answer, Answer::accept);
  EXPECT_EQ(decide(policy, on_boards({{"desk-1", {9, 300, 0}}})).answer, Answer::reject);
}

TEST(Decide, EveryPhaseNeedsItsCuts) {
  Policy policy = bound(0.05);
  policy.emulated.emplace();
  policy.phases = {{.phase = "applying", .cuts = 40}, {.phase = "rebooting", .cuts = 10}};
  const Decision decision = decide(policy, emulated({0, 500, 0}, {0, 30, 0}));
  EXPECT_EQ(decision.answer, Answer::not_enough);
  EXPECT_EQ(clause(decision, "emulated: cuts in phase applying").still_needed, 10U);
  EXPECT_EQ(clause(decision, "emulated: cuts in phase rebooting").still_needed, 10U);
  EXPECT_NE(clause(decision, "emulated: cuts in phase rebooting").text.find("downloading"),
            std::string::npos);
  EXPECT_EQ(decision.still_needed, 20U);
}

TEST(Decide, APhaseHasItsOwnBound) {
  Policy policy = bound(0.05);
  policy.boards.emplace();
  policy.phases = {{.phase = "applying", .max_rate = 0.02}};
  const Decision decision = decide(policy, on_boards({{"desk-1", {0, 100, 0}}}));
  EXPECT_EQ(clause(decision, "boards: failures").answer, Answer::accept);
  EXPECT_EQ(clause(decision, "boards: failures in phase applying").still_needed, 49U);
  EXPECT_EQ(decision.answer, Answer::not_enough);
}

TEST(Decide, CoverageIsCountedInCells) {
  Policy policy;
  policy.scenarios = {"electron/a"};
  policy.emulated.emplace().coverage = 1;
  EXPECT_EQ(decide(policy, emulated({0, 200, 0}, {0, 200, 0})).answer, Answer::accept);
  const Decision decision = decide(policy, emulated({0, 200, 2}, {0, 198, 0}));
  EXPECT_EQ(decision.answer, Answer::not_enough);
  EXPECT_EQ(decision.still_needed, 2U);
  EXPECT_NE(decision.emulated.find("398 of 400 cells decided"), std::string::npos);
  Evidence unswept = emulated({0, 200, 0}, {0, 200, 0});
  unswept.emulated.coverage.clear();
  EXPECT_EQ(decide(policy, unswept).answer, Answer::not_enough);
}

TEST(Decide, BoardsAreCountedAndNamed) {
  Policy policy = bound(0.05);
  policy.boards = BoardsRule{.least = 3, .cuts_each = 50, .names = {"desk-1"}};
  const Decision decision =
      decide(policy, on_boards({{"desk-2", {0, 60, 0}}, {"desk-3", {0, 20, 0}}}));
  EXPECT_EQ(decision.answer, Answer::not_enough);
  EXPECT_EQ(clause(decision, "boards: boards that were cut").answer, Answer::not_enough);
  EXPECT_EQ(clause(decision, "boards: boards with 50 cuts").still_needed, 30U + 50U);
  EXPECT_NE(clause(decision, "boards: named boards").text.find("desk-1"), std::string::npos);
  EXPECT_EQ(
      decide(policy,
             on_boards({{"desk-1", {0, 60, 0}}, {"desk-2", {0, 60, 0}}, {"desk-3", {0, 50, 0}}}))
          .answer,
      Answer::accept);
}

// Voids on every board but one: the share that landed is too low, whatever the bound says.
TEST(Decide, ARigThatMissesIsAskedWhy) {
  Policy policy = bound(0.05);
  policy.boards.emplace();
  policy.landed = 0.9;
  EXPECT_EQ(decide(policy, on_boards({{"desk-1", {0, 80, 20}}})).answer, Answer::not_enough);
  EXPECT_EQ(decide(policy, on_boards({{"desk-1", {0, 90, 10}}})).answer, Answer::accept);
}

TEST(Decide, ControlRunsMustBeClean) {
  Evidence evidence = emulated({0, 299, 0}, {});
  evidence.controls = {.clean = 0, .failed = 0, .missed = 1};
  EXPECT_EQ(decide(bound(0.01), evidence).answer, Answer::not_enough);
  evidence.controls = {.clean = 5, .failed = 1};
  EXPECT_EQ(decide(bound(0.01), evidence).answer, Answer::not_enough);
  evidence.controls = {.clean = 0, .failed = 2};
  EXPECT_EQ(decide(bound(0.01), evidence).answer, Answer::reject);
}

TEST(Decide, AKnownBadFirmwareMustBeFound) {
  Evidence evidence = emulated({0, 299, 0}, {});
  evidence.known_bad = {{.scenario = "electron/bad", .failures = 0, .trials = 40}};
  EXPECT_EQ(decide(bound(0.01), evidence).answer, Answer::not_enough);
  evidence.known_bad.front().failures = 1;
  EXPECT_EQ(decide(bound(0.01), evidence).answer, Answer::accept);
}

TEST(Decide, NoScenarioMayBeMissing) {
  Policy policy = bound(0.01);
  policy.scenarios.emplace_back("electron/b");
  Evidence evidence = emulated({0, 299, 0}, {});
  EXPECT_EQ(decide(policy, evidence).answer, Answer::not_enough);
  evidence.tried.push_back({.scenario = "electron/b", .cuts = {0, 0, 7}});
  EXPECT_NE(clause(decide(policy, evidence), "scenario electron/b").text.find("none of 7 cuts"),
            std::string::npos);
  evidence.tried.back() = {.scenario = "electron/b", .clean_runs = 1};
  EXPECT_EQ(decide(policy, evidence).answer, Answer::accept);
}

TEST(Decide, NothingAtAllIsNotEnough) {
  EXPECT_EQ(decide(bound(0.01), Evidence{}).answer, Answer::not_enough);
  Policy policy;
  policy.boards.emplace();
  EXPECT_EQ(decide(policy, Evidence{}).answer, Answer::not_enough);
}

// What the policy does not ask for may reject, but nothing has to be there.
TEST(Decide, APartThatIsNotAskedForMayOnlyReject) {
  Policy policy = bound(0.01);
  policy.emulated.emplace();
  Evidence evidence = emulated({0, 299, 0}, {});
  evidence.boards = on_boards({{"desk-1", {0, 3, 0}}}).boards;
  EXPECT_EQ(decide(policy, evidence).answer, Answer::accept);
  evidence.boards.cuts.failures = 3;
  EXPECT_EQ(decide(policy, evidence).answer, Answer::reject);
}

TEST(Decide, TellsWhatTheCutsWouldHaveHit) {
  Evidence evidence = emulated({0, 299, 0}, {});
  evidence.emulated.cut_times_us = {0, 10'000, 20'000};
  const Decision decision = decide(bound(0.01), evidence);
  ASSERT_EQ(decision.detection.size(), 4U);
  EXPECT_EQ(decision.detection[1].window_us, 1'000);
  EXPECT_NEAR(decision.detection[1].probability, 1.0 / 19, 1e-9);
  EXPECT_NE(to_text(decision).find("would have been hit with probability"), std::string::npos);
}

TEST(Decide, TellsWhatOneBoardIsWorth) {
  Policy policy = bound(0.05);
  policy.boards.emplace();
  const Decision decision =
      decide(policy, on_boards({{"desk-1", {0, 600, 0}}, {"desk-2", {0, 60, 0}}}));
  const auto remark = std::find_if(
      decision.remarks.begin(), decision.remarks.end(),
      [](const std::string& each) { return each.find("without board desk-1") != each.npos; });
  ASSERT_NE(remark, decision.remarks.end());
  EXPECT_NE(remark->find("4.87 %"), std::string::npos) << *remark;
}

TEST(Telling, JsonSaysTheSame) {
  const std::string said = to_json(decide(bound(0.01), emulated({0, 100, 0}, {0, 100, 0})));
  EXPECT_NE(said.find("\"answer\": \"not-enough\""), std::string::npos) << said;
  EXPECT_NE(said.find("\"exit_code\": 3"), std::string::npos);
  EXPECT_NE(said.find("\"still_needed\": 99"), std::string::npos);
}

}  // namespace
}  // namespace rig::gate
