#include "explore/sweep.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rig_error.h"
#include "explore/crew.h"
#include "explore/explore_sweep.h"
#include "explore/trunk.h"

namespace rig::explore {
namespace {

std::vector<record::CutPlan> cuts_of(const scenario::Sweep& sweep, const ControlRun& control,
                                     std::uint64_t seed) {
  if (sweep.over == scenario::SweepOver::flash_op) {
    return scenario::expand(sweep, control.operations, seed);
  }
  const auto is_offer = [](const record::Event& event) {
    return event.kind == record::EventKind::update_offered;
  };
  const auto& timeline = control.timeline;
  const auto offer = std::find_if(timeline.begin(), timeline.end(), is_offer);
  if (offer == timeline.end() || control.operations.empty()) return {};
  return scenario::expand(sweep, control.operations.back().at - offer->at, seed);
}

SweepPlan plan_sweep(const board::SimBench& bench, const ControlRun& control, std::uint64_t seed) {
  const auto* sweep = std::get_if<scenario::Sweep>(&bench.scenario().cut);
  std::vector<record::CutPlan> cuts = cuts_of(*sweep, control, seed);
  SweepPlan plan{.operations = control.operations, .cycles = {}, .trunk = {}};
  if (sweep->over == scenario::SweepOver::flash_op) {
    std::stable_sort(cuts.begin(), cuts.end(), [](const auto& left, const auto& right) {
      return operation_of(left) < operation_of(right);
    });
    if (!cuts.empty()) plan.trunk = trunk_timeline(bench, cuts.back(), seed);
  }
  for (const record::CutPlan& cut : cuts) {
    plan.cycles.push_back({.index = plan.cycles.size() + 1,
                           .plan = record::to_text(bench.plan_id(cut, seed)),
                           .cut = cut});
  }
  return plan;
}

}  // namespace

void require_sweep(const scenario::Scenario& scenario) {
  if (std::holds_alternative<scenario::Sweep>(scenario.cut)) return;
  throw base::UsageError(fmt::format(
      "{}: 'cut' asks for no sweep; write 'cut: {{sweep: flash-op}}', or use 'otarig run'",
      scenario.file.string()));
}

SweepEnd run_sweep(const board::SimBench& bench, const SweepSettings& settings,
                   const SweepObserver& observer) {
  require_sweep(bench.scenario());
  ControlRun control = run_control(bench, settings.seed);
  const bool passed =
      record::class_of(control.outcome.judgement.verdict) == record::VerdictClass::pass;
  observer.control(
      {.index = 0, .outcome = control.outcome, .timeline = store::pack(control.timeline)});
  if (!passed) return SweepEnd::control_failed;
  if (is_explored(bench.scenario())) {
    return explore_sweep(bench, settings, control.operations, observer);
  }
  const SweepPlan plan = plan_sweep(bench, control, settings.seed);
  observer.planned(plan);
  if (plan.cycles.empty()) return SweepEnd::complete;
  return run_cycles(bench, settings, plan, observer);
}

}  // namespace rig::explore
