#include "cli/sweeping.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/rig_error.h"
#include "cli/exploring.h"
#include "cli/progress.h"
#include "cli/recorder.h"
#include "cli/workspace.h"
#include "explore/explore_sweep.h"
#include "record/cut_plan_words.h"

namespace rig::cli {
namespace {

using Clock = std::chrono::steady_clock;

record::TornKind torn_kind(const std::string& name) {
  const auto& names = record::kTornNames;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<record::TornKind>(found - names.begin());
  throw base::UsageError(
      fmt::format("--torn: no torn model '{}'; there are: {}", name, fmt::join(names, ", ")));
}

void apply(const SweepOptions& options, scenario::Scenario& scenario) {
  auto* sweep = std::get_if<scenario::Sweep>(&scenario.cut);
  if (sweep == nullptr) return;
  if (options.points) sweep->points = *options.points;
  if (options.all || options.cuts || options.no_prune) sweep->points = 0;
  if (options.torn.empty()) return;
  sweep->torn.clear();
  for (const std::string& name : options.torn) sweep->torn.push_back(torn_kind(name));
}

// What asks for exploring must not be ignored where that is not done. Sequences of cuts are
// explored of a board that is alone only.
void check_explored(const SweepOptions& options, const scenario::Scenario& scenario) {
  const bool asked = options.cuts || options.no_prune || options.most_executions != 0;
  if (!asked) return;
  if (options.cuts && scenario.board.flash.empty()) {
    throw base::UsageError(
        fmt::format("{}: --pairs, --depth and --closure explore a staged update (board: flash: "
                    "[..]); this scenario has a modem and a server",
                    scenario.file.string()));
  }
  if (explore::is_explored(scenario)) return;
  throw base::UsageError(
      fmt::format("{}: --no-prune and --executions explore a sweep of flash operations that cuts "
                  "the board, for longer than it keeps its RAM",
                  scenario.file.string()));
}

unsigned jobs_for(const SweepOptions& options) {
  return options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
}

explore::SweepObserver observer_for(Recorder& recorder, std::optional<Progress>& progress,
                                    InterruptWatch& interrupt, const std::string& title) {
  return {
      .control = [&recorder](explore::FinishedCycle cycle) { recorder.finished(std::move(cycle)); },
      .planned =
          [&recorder, &progress, title](const explore::SweepPlan& plan) {
            recorder.planned(plan);
            progress.emplace(title, plan.cycles.size(), false);
          },
      .finished =
          [&recorder, &progress](explore::FinishedCycle cycle) {
            progress->count(cycle.outcome.judgement.verdict);
            recorder.finished(std::move(cycle));
          },
      .stop =
          [&interrupt, &progress] {
            if (progress) progress->tick();
            return interrupt.pending();
          }};
}

store::CampaignState state_after(explore::SweepEnd end) {
  return end == explore::SweepEnd::stopped ? store::CampaignState::interrupted
                                           : store::CampaignState::finished;
}

}  // namespace

SweepReport sweep_scenario(const SweepHost& host, const std::string& scenario,
                           const SweepOptions& options) {
  Workspace workspace = open_scenario(host.invocation, scenario);
  explore::require_sweep(workspace.scenario);
  apply(options, workspace.scenario);
  check_explored(options, workspace.scenario);
  const board::SimBench bench(workspace.scenario, workspace.library);
  const std::uint64_t seed = options.seed.value_or(bench.scenario().seed);
  const auto begun = Clock::now();
  Recorder recorder(host.store, bench, seed, options.batch);
  recorder.begin(0, record::to_text(bench.plan_id(std::nullopt, seed)), store::CycleKind::control);
  std::optional<Progress> progress;
  std::optional<explore::Coverage> coverage;
  explore::SweepObserver observer =
      observer_for(recorder, progress, host.interrupt, bench.scenario().id);
  auto exploring_since = begun;
  observer.control = [book = observer.control, &exploring_since](explore::FinishedCycle cycle) {
    book(std::move(cycle));
    exploring_since = Clock::now();
  };
  observer.covered = [&](const explore::Coverage& found) {
    coverage = found;
    coverage->seconds = std::chrono::duration<double>(Clock::now() - exploring_since).count();
    store::set_explored(host.store, recorder.campaign(), explored_row(*coverage));
  };
  ExploringLine line(bench.scenario().id);
  observer.exploring = [&line](const explore::Progress& found) { line.show(found); };
  const explore::SweepEnd end = explore::run_sweep(bench,
                                                   {.seed = seed,
                                                    .jobs = jobs_for(options),
                                                    .cuts = options.cuts.value_or(1),
                                                    .prune = !options.no_prune,
                                                    .most_executions = options.most_executions},
                                                   observer);
  recorder.finish(state_after(end));
  return {.campaign = recorder.campaign(),
          .end = end,
          .seconds = std::chrono::duration<double>(Clock::now() - begun).count(),
          .coverage = std::move(coverage)};
}

int exit_code_of(const store::CampaignSummary& summary, explore::SweepEnd end) {
  if (end == explore::SweepEnd::stopped) return kExitInterrupted;
  using record::VerdictClass;
  if (summary.cuts.failures() + summary.runs.failures() > 0) return kExitDeviceFailed;
  const bool untried = summary.cuts.of(VerdictClass::no_trial) > 0 ||
                       summary.runs.of(VerdictClass::no_trial) > 0 ||
                       summary.controls.of(VerdictClass::no_trial) > 0 ||
                       summary.cuts.total() + summary.runs.total() == 0;
  return untried ? kExitNoTrial : kExitPass;
}

}  // namespace rig::cli
