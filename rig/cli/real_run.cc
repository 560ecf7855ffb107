#include "cli/real_run.h"

#include <fmt/format.h>

#include "base/rig_error.h"
#include "base/thread_priority.h"
#include "board/product.h"
#include "board/qemu_board.h"
#include "board/work_folder.h"
#include "cli/drivers.h"
#include "cli/link_control.h"
#include "cli/link_engine.h"
#include "cli/packet_file.h"
#include "cli/printing.h"
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
  board::WorkFolder folder;
  std::optional<board::Product> product;
  std::optional<board::QemuBoard> qemu;
  board::RealParts parts;
};

// The rig serves the updates, or plants the firmware: it has the images.
bool knows_firmware(const Workspace& workspace, const RealBoard& real) {
  return !workspace.scenario.board.firmware.empty() &&
         (scenario::rig_is_modem(real.board) || real.board.probe);
}

// The same product is built for every emulated board from the same sources, so a plan names it by
// the images of the simulated one, and runs on both. The firmware of a board that has its own modem
// is whatever is on it: there the plan names the board instead.
std::string plan_firmware(const Workspace& workspace, const RealBoard& real) {
  if (!knows_firmware(workspace, real)) return real.board.name;
  return image::load_manifest(workspace.library.firmware, workspace.scenario.board.firmware).hash;
}

// The provisioned flash of the scenario is planted unless a program of it provisions the board.
void equip_probe(Equipment& to, const Workspace& workspace, const RealBoard& real) {
  constexpr const char* kImage = "flash.bin";
  to.parts.debug =
      board::DebugSide{.place = {},
                       .open_probe =
                           [&real](io::Loop& loop, probe::Probe::Handlers handlers) {
                             return probe_of(real.bench, real.board, loop, std::move(handlers));
                           },
                       .product = &*to.product,
                       .image = {}};
  if (workspace.scenario.provision.program) return;
  to.folder.write(kImage, to.product->flash);
  to.parts.debug->image =
      probe::FlashImage{.file = to.folder.path() / kImage, .address = image::kFlash.start};
}

// The firmware that runs on a real board is its own affair, unless the rig plants it.
std::string_view port_on(const RealBoard& real) {
  if (is_qemu(real)) return board::kQemuFirmware;
  return real.board.probe ? std::string_view(real.board.probe->built_for) : std::string_view();
}

void equip(Equipment& to, const Workspace& workspace, const RealBoard& real, std::uint64_t seed) {
  const scenario::Scenario& scenario = workspace.scenario;
  scenario::Library library = workspace.library;
  const std::string_view port = port_on(real);
  if (!port.empty() && port != board::kSimulatedMcu) library.firmware /= port;
  to.product = board::load_product(scenario, library, port);
  if (!is_qemu(real)) {
    if (real.board.modem_port) {
      to.parts.modem = {.around = board::surroundings_of(scenario, *to.product, seed),
                        .uart = modem_place_of(*real.board.modem_port)};
    }
    if (real.board.probe) equip_probe(to, workspace, real);
    return;
  }
  to.qemu.emplace(
      real.board, scenario, *to.product,
      board::QemuBoard::Options{.boot_rom = to.product->manifest.boot_rom, .seed = seed});
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
  if (obstacle) {
    throw base::UsageError(
        fmt::format("{}: {}: {}", scenario.file.string(), obstacle->key, obstacle->why));
  }
  if (!real.board.link) return;
  try {
    refuse_beyond(*real.board.link, scenario.link);
  } catch (const base::UsageError& error) {
    throw base::UsageError(fmt::format("{}: {}", scenario.file.string(), error.what()));
  }
}

RealRun run_real_cycle(store::Store& store, const Workspace& workspace, const RealBoard& real,
                       const RealOptions& options) {
  const scenario::Scenario& scenario = workspace.scenario;
  const auto profile = scenario::load_device_profile(workspace.library, scenario.device);
  auto plan = scenario::plan_of(scenario, options.cut, options.seed);
  plan.prove_within = real.board.power.prove_within;
  Equipment equipment{.firmware = plan_firmware(workspace, real),
                      .folder = {},
                      .product = {},
                      .qemu = {},
                      .parts = real.parts};
  if (knows_firmware(workspace, real)) equip(equipment, workspace, real, options.seed);
  if (real.board.link) {
    equipment.parts.open_link = link_opener_of(real.board, scenario.link, options.seed);
  }
  equipment.parts.keeps_packets = options.keep_packets;
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
  (void)base::prefer_this_thread();  // a trigger does not wait for other programs
  auto result = cycle.run(equipment.parts, options.watcher);
  run.timeline = std::move(result.timeline);
  run.link = std::move(result.link);
  run.packets = std::move(result.packets);
  run.interrupted = result.interrupted;
  if (run.interrupted) return run;
  run.judgement = record::judge(plan.contract, run.timeline);
  recorder.finished({.index = 0,
                     .outcome = outcome_of(run, io::now() - begun),
                     .timeline = store::pack(run.timeline)});
  recorder.finish(store::CampaignState::finished);
  return run;
}

namespace {

void print_live(const record::Event& event) {
  fmt::print("{}\n", record::to_line(event));
  std::fflush(stdout);
}

void require_firmware(const std::string& wanted, const Workspace& workspace,
                      const RealBoard& real) {
  const std::string there = plan_firmware(workspace, real);
  if (wanted.empty() || wanted == there || !knows_firmware(workspace, real)) return;
  throw base::UsageError(
      fmt::format("the plan was recorded with firmware {}, but '{}' here is {}: build the same "
                  "firmware, or name its folder with --firmware",
                  wanted, workspace.scenario.board.firmware, there));
}

}  // namespace

void run_on_board(Invocation& invocation, const Workspace& workspace, const std::string& board,
                  const BoardRun& run) {
  const RealBoard real = open_board(invocation, board);
  if (!run.pcap.empty()) refuse_packets_of(real.board, run.pcap);
  check_real(workspace.scenario, real, run.cut);
  require_firmware(run.firmware, workspace, real);
  recover_from_crash(real);
  store::Store store(invocation.database_path());
  const bool live = !run.quiet && !invocation.json;
  const RealRun done = run_real_cycle(store, workspace, real,
                                      {.cut = run.cut,
                                       .seed = run.seed,
                                       .watcher = live ? print_live : board::RealCycle::Watcher{},
                                       .keep_packets = !run.pcap.empty()});
  if (done.packets) {
    write_packets(
        run.pcap, *done.packets,
        {.plan = done.plan,
         .verdict = done.interrupted ? std::string("none")
                                     : std::string(record::name_of(done.judgement.verdict))});
  }
  invocation.exit_code =
      done.interrupted ? kExitInterrupted : record::exit_code_of(done.judgement.verdict);
  if (done.interrupted) return fmt::print(stderr, "otarig: interrupted; nothing was judged\n");
  if (invocation.json) {
    return print_judgement(done.plan, done.judgement,
                           done.link ? json_of(*done.link) : nlohmann::json());
  }
  if (done.link) fmt::print("link:    {}\n", link::to_text(done.link->meter));
  fmt::print("{}plan:    {}\n", to_text(done.judgement), done.plan);
}

}  // namespace rig::cli
