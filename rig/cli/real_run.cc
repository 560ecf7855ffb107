#include "cli/real_run.h"

#include <fmt/format.h>

#include "base/rig_error.h"
#include "board/product.h"
#include "board/qemu_board.h"
#include "cli/drivers.h"
#include "cli/recorder.h"
#include "io/time.h"
#include "scenario/plan.h"
#include "scenario/serial_rules.h"
#include "store/cut_spot.h"

namespace rig::cli {
namespace {

bool is_qemu(const RealBoard& real) { return real.board.kind == scenario::BoardKind::qemu; }

// What the parts of a cycle refer to.
struct Equipment {
  std::string firmware;  // the plan's
  std::optional<board::Product> product;
  std::optional<board::QemuBoard> qemu;
  board::RealParts parts;
};

// The same product is built for every emulated board from the same sources, so a plan names it by
// the images of the simulated one, and runs on both. The firmware of a board that has its own modem
// is whatever is on it: there the plan names the board instead.
std::string plan_firmware(const Workspace& workspace, const RealBoard& real) {
  if (!scenario::rig_is_modem(real.board)) return real.board.name;
  return image::load_manifest(workspace.library.firmware, workspace.scenario.board.firmware).hash;
}

void equip_modem(Equipment& to, const Workspace& workspace, const RealBoard& real,
                 std::uint64_t seed) {
  const scenario::Scenario& scenario = workspace.scenario;
  scenario::Library library = workspace.library;
  if (is_qemu(real)) library.firmware /= board::kQemuFirmware;
  to.product = board::load_product(scenario, library);
  if (!is_qemu(real)) {
    to.parts.modem = {.around = board::surroundings_of(scenario, *to.product, seed),
                      .uart = modem_place_of(*real.board.modem_port)};
    return;
  }
  to.qemu.emplace(real.board, scenario, *to.product,
                  board::QemuBoard::Options{.boot_rom = to.product->manifest.boot_rom,
                                            .seed = seed});
  to.qemu->equip(to.parts, {});
}

store::CampaignStart start_of(const scenario::Scenario& scenario, const RealBoard& real,
                              const Equipment& equipment) {
  store::CampaignStart start;
  start.scenario = scenario.id;
  start.scenario_yaml = read_text(scenario.file);
  start.title = scenario.title;
  start.labels = scenario.labels;
  start.board = is_qemu(real) ? "qemu" : "serial";
  start.firmware = equipment.product ? scenario.board.firmware : real.board.name;
  start.firmware_hash = equipment.product ? equipment.product->manifest.hash : real.board.name;
  start.otarig_version = OTARIG_VERSION;
  start.started_unix_us = unix_us_now();
  return start;
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
  const auto obstacle = scenario::why_not_on(real.board, scenario, cut);
  if (!obstacle) return;
  throw base::UsageError(
      fmt::format("{}: {}: {}", scenario.file.string(), obstacle->key, obstacle->why));
}

RealRun run_real_cycle(store::Store& store, const Workspace& workspace, const RealBoard& real,
                       const RealOptions& options) {
  const scenario::Scenario& scenario = workspace.scenario;
  const auto profile = scenario::load_device_profile(workspace.library, scenario.device);
  auto plan = scenario::plan_of(scenario, options.cut, options.seed);
  plan.prove_within = real.board.power.prove_within;
  Equipment equipment{.firmware = plan_firmware(workspace, real),
                      .product = {},
                      .qemu = {},
                      .parts = real.parts};
  if (scenario::rig_is_modem(real.board)) equip_modem(equipment, workspace, real, options.seed);
  store::CampaignStart start = start_of(scenario, real, equipment);
  start.seed = options.seed;
  Recorder recorder(store, start);
  RealRun run{.plan = record::to_text(record::PlanId{.scenario = scenario.id,
                                                     .firmware = equipment.firmware,
                                                     .cut = options.cut,
                                                     .seed = options.seed}),
              .timeline = {},
              .judgement = {}};
  recorder.begin(0, run.plan, options.cut ? store::CycleKind::cut : store::CycleKind::run);
  const io::Time begun = io::now();
  board::RealCycle cycle(scenario, real.board, scenario::Runner(plan, profile));
  auto [timeline, interrupted] = cycle.run(equipment.parts, options.watcher);
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
