#include "cli/real_run.h"

#include <fmt/format.h>

#include "base/rig_error.h"
#include "base/shallow_idle.h"
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
#include "store/soak_rows.h"

namespace rig::cli {
namespace {

bool is_qemu(const RealBoard& real) { return real.board.kind == scenario::BoardKind::qemu; }

// What the parts of a cycle refer to.
struct Equipment {
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

scenario::Library library_of(const Workspace& workspace, const RealBoard& real) {
  scenario::Library library = workspace.library;
  const std::string_view port = port_on(real);
  if (!port.empty() && port != board::kSimulatedMcu) library.firmware /= port;
  return library;
}

void equip(Equipment& to, const Workspace& workspace, const RealBoard& real, std::uint64_t seed) {
  const scenario::Scenario& scenario = workspace.scenario;
  to.product = board::load_product(scenario, library_of(workspace, real), port_on(real));
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

class Announced {
 public:
  Announced(const std::function<void(board::RealCycle*)>& tell, board::RealCycle& cycle)
      : tell_(tell) {
    if (tell_) tell_(&cycle);
  }
  ~Announced() {
    if (tell_) tell_(nullptr);
  }
  Announced(const Announced&) = delete;
  Announced& operator=(const Announced&) = delete;

 private:
  const std::function<void(board::RealCycle*)>& tell_;
};

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

record::PlanId real_plan(const Workspace& workspace, const RealBoard& real,
                         const std::optional<record::CutPlan>& cut, std::uint64_t seed) {
  return {.scenario = workspace.scenario.id,
          .firmware = plan_firmware(workspace, real),
          .cut = cut,
          .seed = seed};
}

store::CampaignStart real_campaign(const Workspace& workspace, const RealBoard& real,
                                   std::uint64_t seed) {
  const scenario::Scenario& scenario = workspace.scenario;
  store::CampaignStart start;
  start.scenario = scenario.id;
  start.scenario_yaml = read_text(scenario.file);
  start.title = scenario.title;
  start.labels = scenario.labels;
  start.board = is_qemu(real) ? "qemu" : "serial";
  start.firmware = real.board.name;
  start.firmware_hash = real.board.name;
  if (knows_firmware(workspace, real)) {
    start.firmware = scenario.board.firmware;
    start.firmware_hash =
        image::load_manifest(library_of(workspace, real).firmware, scenario.board.firmware).hash;
  }
  start.otarig_version = OTARIG_VERSION;
  start.seed = seed;
  start.started_unix_us = unix_us_now();
  start.board_name = real.board.name;
  return start;
}

RealRun carry_out(const Workspace& workspace, const RealBoard& real, const RealOptions& options) {
  const scenario::Scenario& scenario = workspace.scenario;
  const auto profile = scenario::load_device_profile(workspace.library, scenario.device);
  auto plan = scenario::plan_of(scenario, options.cut, options.seed);
  plan.prove_within = real.board.power.prove_within;
  Equipment equipment{.folder = {}, .product = {}, .qemu = {}, .parts = real.parts};
  if (knows_firmware(workspace, real)) equip(equipment, workspace, real, options.seed);
  if (real.board.link) {
    equipment.parts.open_link = link_opener_of(real.board, scenario.link, options.seed);
  }
  equipment.parts.keeps_packets = !options.pcap.empty();
  RealRun run{.plan = record::to_text(real_plan(workspace, real, options.cut, options.seed)),
              .timeline = {},
              .judgement = {}};
  const io::Time begun = io::now();
  board::RealCycle cycle(scenario, real.board, scenario::Runner(plan, profile));
  const Announced announced(options.running, cycle);
  auto result = [&] {
    const base::PreferredThread preferred;  // a trigger waits neither for other programs
    const base::ShallowIdle awake;          // nor for a processor that sleeps
    return cycle.run(equipment.parts, options.watcher);
  }();
  run.timeline = std::move(result.timeline);
  run.link = std::move(result.link);
  run.packets = std::move(result.packets);
  run.interrupted = result.interrupted;
  run.host = io::now() - begun;
  if (run.interrupted) return run;
  run.judgement = options.control ? record::judge_control(plan.contract, run.timeline)
                                  : record::judge(plan.contract, run.timeline);
  return run;
}

store::CycleOutcome outcome_of(const RealRun& run) {
  return {.judgement = run.judgement,
          .cut = store::cut_spot_of(run.timeline),
          .recovery = store::recovery_of(run.timeline),
          .host = run.host,
          .ended_unix_us = 0};
}

namespace {

// Where there are any.
std::exception_ptr keep_packets(RealRun& run, const std::string& file) {
  if (file.empty() || !run.packets) return nullptr;
  const std::string verdict(run.interrupted ? "none" : record::name_of(run.judgement.verdict));
  return write_packets(file, *run.packets, {.plan = run.plan, .verdict = verdict}, run.timeline);
}

}  // namespace

RealRun run_real_cycle(store::Store& store, const Workspace& workspace, const RealBoard& real,
                       const RealOptions& options) {
  if (knows_firmware(workspace, real)) {  // or nothing is booked
    static_cast<void>(
        board::load_product(workspace.scenario, library_of(workspace, real), port_on(real)));
  }
  Recorder recorder(store, real_campaign(workspace, real, options.seed));
  recorder.begin(0, record::to_text(real_plan(workspace, real, options.cut, options.seed)),
                 options.cut ? store::CycleKind::cut : store::CycleKind::run);
  RealRun run = carry_out(workspace, real, options);
  const std::exception_ptr unwritten = keep_packets(run, options.pcap);
  if (run.interrupted && unwritten) std::rethrow_exception(unwritten);
  if (run.interrupted) return run;
  recorder.finished(
      {.index = 0, .outcome = outcome_of(run), .timeline = store::pack(run.timeline)});
  recorder.finish(store::CampaignState::finished);
  if (unwritten) std::rethrow_exception(unwritten);
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

namespace {

void refuse_quarantined(store::Store& store, const RealBoard& real) {
  for (const store::BoardState& each : store::board_states(store)) {
    if (each.bench != bench_name(real) || each.board != real.board.name) continue;
    if (each.condition != store::BoardCondition::quarantined) continue;
    throw base::UsageError(
        fmt::format("board '{}' is in quarantine: {}; repair it, then otarig boards release {}",
                    each.board, each.reason, each.board));
  }
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
  refuse_quarantined(store, real);
  const bool live = !run.quiet && !invocation.json;
  const RealRun done = run_real_cycle(store, workspace, real,
                                      {.cut = run.cut,
                                       .seed = run.seed,
                                       .watcher = live ? print_live : board::RealCycle::Watcher{},
                                       .pcap = run.pcap});
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
