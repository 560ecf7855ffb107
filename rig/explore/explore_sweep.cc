#include "explore/explore_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/rig_error.h"
#include "explore/crew.h"
#include "explore/sim_execution.h"
#include "explore/trunk.h"
#include "record/cut_plan_words.h"

namespace rig::explore {
namespace {

constexpr std::size_t kMostExamples = 40;

const scenario::Sweep& sweep_of(const board::SimBench& bench) {
  return std::get<scenario::Sweep>(bench.scenario().cut);
}

record::CutPlan plan_of(const scenario::Scenario& scenario, const std::vector<Cell>& cells) {
  record::CutPlan cut = cut_at(scenario, cells.front().operation, cells.front().torn);
  for (std::size_t i = 1; i < cells.size(); ++i) {
    cut.then.push_back({cells[i].operation, cells[i].torn});
  }
  return cut;
}

// The examples as cycles to execute, and what each is expected to end in.
struct Examples {
  SweepPlan plan;
  std::map<std::uint64_t, record::Verdict> expected;  // by index
};

Examples examples_for(const Exploration& exploration, const board::SimBench& bench,
                      std::uint64_t seed) {
  struct Planned {
    record::CutPlan cut;
    record::Verdict expected{};
  };
  std::vector<Planned> planned;
  for (const CutSequence& sequence : examples_of(exploration, kMostExamples)) {
    const Ending& ending = exploration.knowledge().behaviour(sequence.behaviour).trace.ending;
    planned.push_back({plan_of(bench.scenario(), sequence.cells), ending.verdict});
  }
  std::stable_sort(planned.begin(), planned.end(), [](const Planned& left, const Planned& right) {
    return operation_of(left.cut) < operation_of(right.cut);
  });
  Examples examples;
  for (const Planned& each : planned) {
    const std::uint64_t index = examples.plan.cycles.size() + 1;
    examples.plan.cycles.push_back(
        {.index = index, .plan = record::to_text(bench.plan_id(each.cut, seed)), .cut = each.cut});
    examples.expected[index] = each.expected;
  }
  return examples;
}

SweepEnd run_examples(const board::SimBench& bench, const SweepSettings& settings,
                      const Examples& examples, const SweepObserver& observer) {
  SweepObserver checking = observer;
  checking.finished = [&](FinishedCycle cycle) {
    const record::Verdict verdict = cycle.outcome.judgement.verdict;
    const record::Verdict expected = examples.expected.at(cycle.index);
    if (verdict != expected) {
      throw base::RigError(
          std::make_error_code(std::errc::state_not_recoverable),
          fmt::format("execute an example of what was explored: {} ends in {}, and was explored to "
                      "end in {}; use --no-prune and report this",
                      examples.plan.cycles[cycle.index - 1].plan, record::name_of(verdict),
                      record::name_of(expected)));
    }
    observer.finished(std::move(cycle));
  };
  return run_cycles(bench, settings, examples.plan, checking);
}

// States of several cuts stand for worlds by their bytes alone.
void refuse_in_sequences(const scenario::Scenario& scenario) {
  for (const record::TornKind kind : std::get<scenario::Sweep>(scenario.cut).torn) {
    if (!simulator::reaches_beyond(kind)) continue;
    throw base::UsageError(
        fmt::format("{}: '{}' is explored for single cuts only; choose other models with --torn",
                    scenario.file.string(), record::name_of(kind)));
  }
}

}  // namespace

bool is_explored(const scenario::Scenario& scenario) {
  const auto* sweep = std::get_if<scenario::Sweep>(&scenario.cut);
  if (sweep == nullptr || sweep->points != 0 || sweep->over != scenario::SweepOver::flash_op) {
    return false;
  }
  const bool alone = !scenario.board.flash.empty();
  return alone || (sweep->domains.board && sweep->off_for >= scenario.board.hold_up);
}

SweepEnd explore_sweep(const board::SimBench& bench, const SweepSettings& settings,
                       const std::vector<scenario::FlashOpInfo>& operations,
                       const SweepObserver& observer) {
  const simulator::FlashGeometry& flash = bench.mcu().flash;
  if (settings.cuts != 1) refuse_in_sequences(bench.scenario());
  const CellModels models(sweep_of(bench).torn, flash);
  SimExecutions executions(bench, {.seed = settings.seed, .further_cuts = settings.cuts != 1},
                           models);
  Exploration exploration({.torn = sweep_of(bench).torn,
                           .cuts = settings.cuts,
                           .jobs = settings.jobs,
                           .prune = settings.prune,
                           .most_executions = settings.most_executions,
                           .flash = &flash},
                          [&executions](unsigned job) { return executions.recover_of(job); });
  SimExecutions::Update update = executions.update();
  exploration.begin(std::move(update.trace), update.flash);
  const ExploreEnd end = exploration.run({.progress = observer.exploring, .stop = observer.stop});
  const Coverage coverage = coverage_of(exploration, end);
  if (observer.covered) observer.covered(coverage);
  if (observer.stop && observer.stop()) return SweepEnd::stopped;
  Examples examples = examples_for(exploration, bench, settings.seed);
  examples.plan.operations = operations;
  examples.plan.cells = coverage.depths.front().cells;
  if (examples.plan.cycles.empty()) return SweepEnd::complete;
  examples.plan.trunk = trunk_timeline(bench, examples.plan.cycles.back().cut, settings.seed);
  observer.planned(examples.plan);
  return run_examples(bench, settings, examples, observer);
}

}  // namespace rig::explore
