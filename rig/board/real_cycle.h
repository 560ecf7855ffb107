// One cycle in real time, on a real board or on an emulator: the shell that carries out the
// runner's actions with relays, a console, programs and, where the rig is the board's modem, a link
// and an update server, and feeds it console lines, power events and deadlines. What the simulated
// shell (board/sim_cycle.h) does by computing, this one waits for.
//
// Before the runner begins the board is taken from whatever state it is in to "without power, and
// that is proven"; with a provisioning program it is powered for that first. A cycle ends when the
// runner does, when anything of the rig fails (`rig_fault` with the first cause), or when it is
// interrupted; in every case the board is brought to its safe state before run() returns. A machine
// that is too busy to run the rig in time is a failure of the rig, and never the board's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "board/modem_uart.h"
#include "board/product.h"
#include "board/rig_modem.h"
#include "board/shaped_path.h"
#include "board/supply.h"
#include "board/update_programs.h"
#include "console/console.h"
#include "io/signals.h"
#include "probe/debug_stub.h"
#include "probe/probe.h"
#include "record/event.h"
#include "scenario/bench.h"
#include "scenario/runner.h"
#include "scenario/scenario.h"

namespace rig::board {

using ConsoleOpener = std::function<std::unique_ptr<console::Console>(io::Loop&)>;

// The rig in place of the board's modem: what is behind the UART, and where it ends.
struct ModemSide {
  simulator::Surroundings around;
  ModemPlace uart;
};

// The drivers of one board of a bench, chosen by the composition root.
using ProbeOpener = std::function<std::unique_ptr<probe::Probe>(io::Loop&, probe::Probe::Handlers)>;

// The way to the inside of the board, for cuts at a function or at an access to data.
struct DebugSide {
  std::optional<probe::StubPlace> place{};  // always there; absent: the probe has it, once taken
  ProbeOpener open_probe{};
  const Product* product{};                  // whose symbols they are
  std::optional<probe::FlashImage> image{};  // what the probe plants before the cycle
};

struct RealParts {
  SwitchOpeners switches;
  power::SwitchDesk* desk{};  // shared with the other boards of the bench; absent: `switches`
  ConsoleOpener open_console;
  std::string journal;               // path of the power journal
  std::optional<ModemSide> modem{};  // absent: the board has its own, and its own way to update
  std::optional<DebugSide> debug{};
  LinkOpener open_link{};     // of a board with a modem of its own; empty: nobody shapes its path
  bool keeps_packets{false};  // RealResult::packets
  // Puts the provisioned flash on the board while it has no power; empty: a program of the scenario
  // does that, or nobody.
  std::function<void()> plant{};
  bool emulator{false};  // its console lives exactly as long as it has power
};

struct RealResult {
  record::Timeline timeline;
  bool interrupted = false;  // by SIGINT, SIGTERM or SIGHUP: no trial, nothing is judged
  std::optional<shaping::Stats> link{};
  std::optional<link::PacketLog> packets{};
};

class RealCycle {
 public:
  // Told about every event soon after it was appended, and about a proven loss of power when it is
  // proven; empty: nobody.
  using Watcher = std::function<void(const record::Event&)>;

  // The references must outlive the cycle.
  RealCycle(const scenario::Scenario& scenario, const scenario::BenchBoard& board,
            scenario::Runner runner);
  RealCycle(const RealCycle&) = delete;
  RealCycle& operator=(const RealCycle&) = delete;

  // From any thread, also before run(): the cycle ends soon, as with SIGINT.
  void interrupt() {
    loop_.post([this] { interrupted(); });
  }

  // Once. Throws base::UsageError when another otarig has the board; whatever else goes wrong is in
  // the timeline.
  [[nodiscard]] RealResult run(const RealParts& parts, Watcher watcher = {});

 private:
  enum class Stage : std::uint8_t {
    emptying,
    filling,
    provisioning,
    emptying_again,
    running,
    over
  };

  void open(const RealParts& parts);
  void wait_for_end();
  void beat();
  void heard(const console::Event& event);
  void heard_line(const console::Line& line);
  void went_off(record::Domains which, io::Time at);
  void power_lost(record::Domains which, io::Time at);
  void went_on(record::Domains which);
  void settled();
  void unproven(const std::string& why);
  void provision();
  void provisioned();
  [[nodiscard]] bool planted_by_probe() const { return debug_ && debug_->image; }
  void start_runner();
  void interrupted();

  void carry_out(const std::vector<scenario::Action>& actions);
  void carry_out(const scenario::PowerOn& action);
  void carry_out(const scenario::PowerOff& action);
  void carry_out(const scenario::Offer& action);
  void carry_out(const scenario::ArmFlashOp& action);
  void carry_out(const scenario::ArmBytes& action);
  void carry_out(const scenario::ArmCode& action);
  void carry_out(const scenario::Disarm& action);
  void carry_out(const scenario::CutNow& action);
  void carry_out(const scenario::Record& action);
  void carry_out(const scenario::EnterPhase& action);

  void arm_code(const probe::Trigger& trigger, std::uint64_t hit);
  void attach(const probe::StubPlace& place, const probe::Trigger& trigger, std::uint64_t hit);
  void open_probe();
  void plant_by_probe();
  void let_go_of_code();
  void let_code_run_on();
  void code_reached(const probe::DebugStub::Hit& hit);
  void open_modem(const ModemSide& side, bool keeps_packets);
  void open_link(const RealParts& parts);
  void end_link();
  void supply_modem(bool on);
  [[nodiscard]] bool modem_is_ours() const { return modem_ && !supply_->has_modem(); }
  void console_vanished(const std::string& reason);
  void power_off(record::Domains which);
  [[nodiscard]] bool cutting() const { return cutting_.board || cutting_.modem; }
  void doubt_reboot(const record::Event& deadline);
  void doubt_cut();
  void watch_update(const record::Event& observed);
  void append(record::Event event);
  void insert(const record::Event& event);
  void show(const record::Event& event);
  void show_pending();
  void event(record::Lane lane, record::EventKind kind, std::string text);
  void note(const std::string& text);
  void fault(const std::string& cause);
  void leave_safe();
  void deliver(const record::Event& event);
  void plan_next();
  [[nodiscard]] base::Instant now() const;
  [[nodiscard]] base::Instant instant(io::Time at) const;
  [[nodiscard]] scenario::Words words(const ota::Target& target) const;

  const scenario::Scenario& scenario_;
  const scenario::BenchBoard& board_;
  scenario::Runner runner_;
  record::Timeline timeline_;
  Watcher watcher_;
  record::Timeline pending_;  // not yet shown to the watcher
  io::Time begun_{};
  Stage stage_{Stage::emptying};
  record::Domains cutting_{.board = false, .modem = false};  // by the cut, not yet proven
  bool heard_since_on_{false};
  bool on_since_cut_{false};       // what is heard now is no farewell of before the cut
  bool unheard_since_cut_{false};  // no line yet of a board that the cut was to take the power from
  bool modem_on_{false};           // a modem that is ours
  bool offered_{false};
  std::function<void()> plant_;
  bool emulator_{false};
  std::optional<DebugSide> debug_;
  bool faulted_{false};
  bool interrupted_{false};
  ota::Target target_;
  io::Loop loop_;
  io::Timer deadline_{loop_};
  io::Timer heartbeat_{loop_};
  io::Timer lost_console_{loop_};
  std::unique_ptr<probe::Probe> probe_;
  std::unique_ptr<probe::DebugStub> stub_;
  std::optional<power::IntentJournal> journal_;
  std::unique_ptr<console::Console> console_;
  std::optional<RigModem> modem_;
  std::optional<ModemUart> uart_;
  std::optional<ShapedPath> path_;
  std::optional<shaping::Stats> link_;
  std::optional<link::PacketLog> packets_;
  std::optional<UpdatePrograms> update_;
  std::optional<ProgramRun> provisioning_;
  std::optional<power::SwitchDesk> own_desk_;
  std::optional<Supply> supply_;  // last: it goes first
};

}  // namespace rig::board
