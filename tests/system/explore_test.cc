// The two-slot family explored: every operation with every torn model, and sequences of cuts. Most
// of it with images of 4 KB (products/swap/small.h), whose updates are a thirtieth as long.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/rig_error.h"
#include "explore/sweep.h"
#include "record/judge.h"
#include "scenario/scenario.h"
#include "system/shipped.h"
#include "system/small_swap.h"

namespace rig {
namespace {

using record::VerdictClass;

scenario::Scenario load(const std::string& name) {
  return scenario::load(library().scenarios / ("swap/" + name + ".yaml"), library());
}

scenario::Scenario load_small(const std::string& name) { return rig::load_small(library(), name); }

bool fails(record::Verdict verdict) {
  const auto verdict_class = record::class_of(verdict);
  return verdict_class == VerdictClass::lost || verdict_class == VerdictClass::degraded;
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

Explored explored(const board::SimBench& bench, unsigned cuts, std::uint64_t most_executions = 0) {
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
  const explore::SweepSettings settings{
      .seed = 1, .jobs = 2, .cuts = cuts, .most_executions = most_executions};
  EXPECT_EQ(explore::run_sweep(bench, settings, observer), explore::SweepEnd::complete);
  return result;
}

// Whatever is cut, and however often.
class GoodBuild : public testing::TestWithParam<const char*> {};

TEST_P(GoodBuild, IsClosed) {
  const board::SimBench bench(load_small(GetParam()), library());
  const Explored result = explored(bench, 0);
  EXPECT_EQ(result.coverage.end, explore::ExploreEnd::closed);
  EXPECT_EQ(result.failing(), 0U) << explore::sentence_of(result.coverage);
  EXPECT_GT(result.coverage.operations, 3'000U);
  EXPECT_EQ(explore::cells_of(result.coverage).decided, explore::cells_of(result.coverage).total);
  EXPECT_LT(result.coverage.executions, result.coverage.depths.front().cells / 10);
  EXPECT_TRUE(explore::sentence_of(result.coverage)
                  .starts_with("closed: no sequence of any number of cuts fails"));
  EXPECT_EQ(result.judgements.size(), result.examples.size());
}
INSTANTIATE_TEST_SUITE_P(ExploreSwap, GoodBuild, testing::Values("correct", "permanent", "revert"));

class Mutant : public testing::TestWithParam<const char*> {};

// By the simplest cut that does it, whose plan id makes the same cycle again.
TEST_P(Mutant, IsConvictedByAMinimalCounterexample) {
  const board::SimBench bench(load_small(GetParam()), library());
  const Explored result = explored(bench, 1);
  ASSERT_GT(result.failing(), 0U);
  const explore::PlannedCycle* simplest = nullptr;
  for (const auto& example : result.examples) {
    const bool simpler = simplest == nullptr || example.cut.torn.kind < simplest->cut.torn.kind;
    if (fails(result.judgements.at(example.index).verdict) && simpler) simplest = &example;
  }
  ASSERT_NE(simplest, nullptr);
  EXPECT_TRUE(simplest->cut.then.empty());
  for (const auto& count : result.coverage.models) {
    const auto kind =
        record::cut_plan_from("flash-op=1.during:torn=" + count.model +
                              (count.model.starts_with("p") ? ".1" : "") + ":cut=board:off=2s");
    ASSERT_TRUE(kind) << count.model;
    const bool is_simpler = kind->torn.kind < simplest->cut.torn.kind;
    EXPECT_TRUE(!is_simpler || count.failing == 0) << count.model;
  }
  const auto plan = record::plan_id_from(simplest->plan);
  ASSERT_TRUE(plan && plan->cut);
  const auto once = explore::run_single(bench, *plan->cut, plan->seed);
  const auto again = explore::run_single(bench, *plan->cut, plan->seed);
  EXPECT_EQ(once.outcome.judgement.verdict, result.judgements.at(simplest->index).verdict);
  EXPECT_TRUE(fails(once.outcome.judgement.verdict));
  EXPECT_EQ(record::encode(once.timeline), record::encode(again.timeline));
}
INSTANTIATE_TEST_SUITE_P(ExploreSwap, Mutant,
                         testing::Values("revert-needs-unset", "request-in-backup",
                                         "request-dropped-early", "size-never-written",
                                         "header-on-resume", "type-forgotten", "confirmed-last",
                                         "blank-by-first-word"));

// Each cut leaves another broken image behind, all of which is looked at: no two are the same to a
// recovery, and there are thousands. A few are enough.
TEST(ExploreSwap, AFewExecutionsConvictAStatusThatComesEarly) {
  const board::SimBench bench(load_small("status-early"), library());
  const Explored result = explored(bench, 1, 60);
  EXPECT_EQ(result.coverage.end, explore::ExploreEnd::budget);
  EXPECT_LE(result.coverage.executions, 62U);
  EXPECT_GT(result.failing("program", "old"), 0U);
  const bool convicted =
      std::any_of(result.judgements.begin(), result.judgements.end(),
                  [](const auto& judged) { return fails(judged.second.verdict); });
  EXPECT_TRUE(convicted);
}

TEST(ExploreSwap, OnlyATornWordConvictsARevertThatNeedsNoMagic) {
  const board::SimBench bench(load_small("revert-needs-unset"), library());
  const Explored result = explored(bench, 1);
  EXPECT_GT(result.failing("program", "prefix"), 0U);
  EXPECT_EQ(result.failing("program", "old"), 0U);
  EXPECT_EQ(result.failing("program", "new"), 0U);
}

// What is kept in a backup register is part of the world that a recovery starts from.
TEST(ExploreSwap, OnlyADoneEraseConvictsARequestKeptInABackupRegister) {
  const board::SimBench bench(load_small("request-in-backup"), library());
  const Explored result = explored(bench, 1);
  EXPECT_GT(result.failing("erase", "new"), 0U);
  EXPECT_EQ(result.failing("erase", "old"), 0U);
  EXPECT_EQ(result.failing("erase", "partial-erase"), 0U);
}

// At full size, with half the models.
TEST(ExploreSwap, NoSingleCutOfTheWholeUpdateFails) {
  scenario::Scenario scenario = load("correct");
  std::get<scenario::Sweep>(scenario.cut).torn = {record::TornKind::old_state,
                                                  record::TornKind::new_state};
  const board::SimBench bench(std::move(scenario), library());
  const Explored result = explored(bench, 1);
  EXPECT_EQ(result.failing(), 0U);
  EXPECT_GT(result.coverage.operations, 90'000U);
  EXPECT_GT(result.coverage.depths.front().cells, 190'000U);
  EXPECT_LT(result.coverage.executions, 1'000U);
}

TEST(ExploreSwap, RefusesWhatThePartCannotDo) {
  scenario::Scenario scenario = load_small("correct");
  std::get<scenario::Sweep>(scenario.cut).torn = {record::TornKind::bad_ecc};
  EXPECT_THROW(board::SimBench(std::move(scenario), library()), base::UsageError);
}

// Torn bits that read differently each time: what the good build relies on it writes again first.
TEST(ExploreSwap, TheGoodBuildTrustsNoMetastableWord) {
  scenario::Scenario scenario = load_small("correct");
  std::get<scenario::Sweep>(scenario.cut).torn = {record::TornKind::metastable};
  const board::SimBench bench(std::move(scenario), library());
  const Explored result = explored(bench, 1);
  EXPECT_EQ(result.coverage.models.size(), 2U);  // of programs and of erases
  EXPECT_EQ(result.failing(), 0U) << explore::sentence_of(result.coverage);
}

}  // namespace
}  // namespace rig
