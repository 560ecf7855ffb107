#include "cli/real_run.h"

#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/recorder.h"
#include "io/time.h"
#include "scenario/plan.h"
#include "scenario/serial_rules.h"
#include "store/cut_spot.h"

namespace rig::cli {
namespace {

store::CampaignStart start_of(const scenario::Scenario& scenario, const RealBoard& real,
                              std::uint64_t seed) {
  store::CampaignStart start;
  start.scenario = scenario.id;
  start.scenario_yaml = read_text(scenario.file);
  start.title = scenario.title;
  start.labels = scenario.labels;
  start.board = "serial";
  start.firmware = real.board.name;
  start.firmware_hash = real.board.name;
  start.otarig_version = OTARIG_VERSION;
  start.seed = seed;
  start.started_unix_us = unix_us_now();
  return start;
}

// A real board's firmware is what is on it: the plan names the board instead.
std::string plan_of_run(const scenario::Scenario& scenario, const RealBoard& real,
                        const RealOptions& options) {
  return record::to_text(record::PlanId{.scenario = scenario.id,
                                        .firmware = real.board.name,
                                        .cut = options.cut,
                                        .seed = options.seed});
}

store::CycleOutcome outcome_of(const RealRun& run, base::Duration host) {
  return {.judgement = run.judgement,
          .cut = store::cut_spot_of(run.timeline),
          .recovery = store::recovery_of(run.timeline),
          .host = host,
          .ended_unix_us = 0};
}

}  // namespace

void check_real(const scenario::Scenario& scenario, const RealBoard& real,
                const std::optional<record::CutPlan>& cut) {
  auto obstacle = scenario::why_not_serial(scenario, cut);
  if (!obstacle) obstacle = scenario::why_not_on(real.board, cut);
  if (!obstacle) return;
  throw base::UsageError(
      fmt::format("{}: {}: {}", scenario.file.string(), obstacle->key, obstacle->why));
}

RealRun run_real_cycle(store::Store& store, const Workspace& workspace, const RealBoard& real,
                       const RealOptions& options) {
  const scenario::Scenario& scenario = workspace.scenario;
  const auto profile = scenario::load_device_profile(workspace.library, scenario.device);
  const auto plan = scenario::plan_of(scenario, options.cut, options.seed);
  Recorder recorder(store, start_of(scenario, real, options.seed));
  RealRun run{.plan = plan_of_run(scenario, real, options), .timeline = {}, .judgement = {}};
  recorder.begin(0, run.plan, options.cut ? store::CycleKind::cut : store::CycleKind::run);
  const io::Time begun = io::now();
  board::SerialCycle cycle(scenario, real.board, scenario::Runner(plan, profile));
  auto [timeline, interrupted] = cycle.run(real.parts, options.watcher);
  run.timeline = std::move(timeline);
  run.interrupted = interrupted;
  if (interrupted) return run;
  run.judgement = record::judge(plan.contract, run.timeline);
  recorder.finished({.index = 0,
                     .outcome = outcome_of(run, io::now() - begun),
                     .timeline = store::pack(run.timeline)});
  recorder.finish(store::CampaignState::finished);
  return run;
}

}  // namespace rig::cli
