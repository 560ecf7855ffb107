// The two-slot family explored: every operation with every torn model, and sequences of cuts.
#include <gtest/gtest.h>

#include <map>

#include "base/rig_error.h"
#include "explore/sweep.h"
#include "record/judge.h"
#include "scenario/scenario.h"

namespace rig {
namespace {

using record::VerdictClass;

const scenario::Library& library() {
  static const scenario::Library kLibrary{.fixtures = OTARIG_SOURCE_DIR "/fixtures",
                                          .firmware = OTARIG_FIRMWARE_DIR,
                                          .scenarios = OTARIG_SOURCE_DIR "/scenarios"};
  return kLibrary;
}

scenario::Scenario load(const std::string& name) {
  return scenario::load(library().scenarios / ("swap/" + name + ".yaml"), library());
}

struct Explored {
  explore::Coverage coverage;
  std::vector<explore::PlannedCycle> examples;
  std::map<std::uint64_t, record::Judgement> judgements;

  [[nodiscard]] std::uint64_t failing() const {
    std::uint64_t sum = 0;
    for (const auto& depth : coverage.depths) sum += depth.failing;
    return sum;
  }
  [[nodiscard]] std::uint64_t failing(const std::string& operation,
                                      const std::string& model) const {
    for (const auto& count : coverage.models) {
      if (count.operation == operation && count.model == model) return count.failing;
    }
    ADD_FAILURE() << "no cells " << operation << " " << model;
    return 0;
  }
};

Explored explored(const board::SimBench& bench, unsigned cuts) {
  Explored result;
  const explore::SweepObserver observer{
      .control = [](const explore::FinishedCycle&) {},
      .planned = [&](const explore::SweepPlan& plan) { result.examples = plan.cycles; },
      .finished =
          [&](const explore::FinishedCycle& cycle) {
            result.judgements[cycle.index] = cycle.outcome.judgement;
          },
      .stop = [] { return false; },
      .covered = [&](const explore::Coverage& coverage) { result.coverage = coverage; }};
  EXPECT_EQ(explore::run_sweep(bench, {.seed = 1, .jobs = 2, .cuts = cuts}, observer),
            explore::SweepEnd::complete);
  return result;
}

TEST(ExploreSwap, TheCorrectBuildIsClosed) {
  scenario::Scenario scenario = load("correct");
  // Half the models keep the test short; all of them are closed as well (README).
  std::get<scenario::Sweep>(scenario.cut).torn = {record::TornKind::old_state,
                                                  record::TornKind::new_state};
  const board::SimBench bench(std::move(scenario), library());
  const Explored result = explored(bench, 0);
  EXPECT_EQ(result.coverage.end, explore::ExploreEnd::closed);
  EXPECT_EQ(result.failing(), 0U);
  EXPECT_GT(result.coverage.operations, 90'000U);
  EXPECT_GT(result.coverage.depths.front().cells, 190'000U);
  EXPECT_LT(result.coverage.executions, 1'000U);
  EXPECT_TRUE(explore::sentence_of(result.coverage)
                  .starts_with("closed: no sequence of any number of cuts fails"));
  EXPECT_EQ(result.judgements.size(), result.examples.size());
}

// A counterexample is the plan of a cycle, and that cycle fails.
TEST(ExploreSwap, OnlyATornWordConvictsARevertThatNeedsNoMagic) {
  const board::SimBench bench(load("revert-needs-unset"), library());
  const Explored result = explored(bench, 1);
  EXPECT_GT(result.failing("program", "prefix"), 0U);
  EXPECT_EQ(result.failing("program", "old"), 0U);
  EXPECT_EQ(result.failing("program", "new"), 0U);
  int failing = 0;
  for (const auto& example : result.examples) {
    const auto judged = record::class_of(result.judgements.at(example.index).verdict);
    if (judged != VerdictClass::lost && judged != VerdictClass::degraded) continue;
    ++failing;
    const auto again = explore::run_single(bench, example.cut, 1);
    EXPECT_EQ(again.outcome.judgement.verdict, result.judgements.at(example.index).verdict);
    EXPECT_EQ(example.cut.torn.kind, record::TornKind::prefix);
  }
  EXPECT_GT(failing, 0);
}

// What is kept in a backup register is part of the world that a recovery starts from.
TEST(ExploreSwap, OnlyADoneEraseConvictsARequestKeptInABackupRegister) {
  const board::SimBench bench(load("request-in-backup"), library());
  const Explored result = explored(bench, 1);
  EXPECT_GT(result.failing("erase", "new"), 0U);
  EXPECT_EQ(result.failing("erase", "old"), 0U);
  EXPECT_EQ(result.failing("erase", "partial-erase"), 0U);
}

}  // namespace
}  // namespace rig
