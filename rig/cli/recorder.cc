#include "cli/recorder.h"

#include <chrono>

#include "base/assert.h"
#include "base/checksum.h"
#include "base/rig_error.h"
#include "cli/controller.h"
#include "cli/workspace.h"

namespace rig::cli {
namespace {

std::map<std::string, std::string> hashes_of(const image::Manifest& manifest) {
  std::map<std::string, std::string> hashes;
  const auto add = [&hashes](const std::string& name, const image::ModuleFile& module) {
    if (!module.image.empty()) hashes[name] = base::short_hash(module.image);
  };
  add("bootloader", manifest.bootloader);
  if (manifest.factory) add("factory", *manifest.factory);
  for (const auto& [version, module] : manifest.systems) add("system " + version, module);
  for (const auto& [version, module] : manifest.user_apps) add("user " + version, module);
  return hashes;
}

}  // namespace

std::int64_t unix_us_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

store::CampaignStart campaign_of(const board::SimBench& bench, std::uint64_t seed,
                                 const std::string& batch) {
  const scenario::Scenario& scenario = bench.scenario();
  store::CampaignStart start;
  start.scenario = scenario.id;
  start.scenario_yaml = read_text(scenario.file);
  start.title = scenario.title;
  start.labels = scenario.labels;
  start.board = scenario.board.kind;
  start.firmware = bench.manifest().name;
  start.firmware_hash = bench.manifest().hash;
  start.image_hashes = hashes_of(bench.manifest());
  start.otarig_version = OTARIG_VERSION;
  start.seed = seed;
  start.started_unix_us = unix_us_now();
  start.batch = batch;
  return start;
}

Recorder::Recorder(store::Store& store, const board::SimBench& bench, std::uint64_t seed,
                   const std::string& batch)
    : Recorder(store, campaign_of(bench, seed, batch)) {}

Recorder::Recorder(store::Store& store, const store::CampaignStart& start)
    : store_(store), latest_(store), campaign_(store.begin_campaign(start)) {
  store::set_controller(store, campaign_, this_process());
}

Recorder::~Recorder() {
  if (ended_) return;
  try {
    finish(store::CampaignState::interrupted);
  } catch (const std::exception&) {
    // The first failure is already on its way to the user; the campaign stays `running`, with its
    // open cycles, which is what happened.
  }
}

void Recorder::begin(std::uint64_t index, const std::string& plan, store::CycleKind kind) {
  open_[index] = store_.begin_cycle(
      campaign_, {.index = index, .plan = plan, .kind = kind, .started_unix_us = unix_us_now()});
}

void Recorder::planned(const explore::SweepPlan& plan) {
  const std::uint64_t points = plan.cells != 0 ? plan.cells : plan.cycles.size();
  store_.set_plan(campaign_, points, plan.operations.size());
  if (!plan.trunk.empty()) store_.set_trunk(campaign_, plan.trunk);
  for (const explore::PlannedCycle& cycle : plan.cycles) {
    begin(cycle.index, cycle.plan, store::CycleKind::cut);
  }
  store_.sync();  // a rig that dies from here on leaves open cycles behind, not a gap
}

void Recorder::finished(explore::FinishedCycle cycle) {
  const auto open = open_.find(cycle.index);
  RIG_ASSERT(open != open_.end());
  cycle.outcome.ended_unix_us = unix_us_now();
  store_.finish_cycle(open->second, cycle.outcome, cycle.timeline);
  open_.erase(open);
  latest_.tick();
}

void Recorder::finish(store::CampaignState state) {
  ended_ = true;
  store_.end_campaign(campaign_, state, unix_us_now());
  store_.sync();
}

}  // namespace rig::cli
