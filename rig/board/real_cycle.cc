// The course of a cycle around the runner: taking the board over, provisioning, the end. What the
// runner wants and hears is in real_actions.cc.
#include "board/real_cycle.h"

#include <fmt/format.h>

#include <csignal>

#include "base/rig_error.h"
#include "board/link_figures.h"
#include "record/unproven.h"

namespace rig::board {
namespace {

using power::Level;
using record::EventKind;
using record::Lane;
using State = power::PowerDomain::State;

constexpr record::Domains kEverything{.board = true, .modem = true};
// The loop is asked again so often while nothing happens; not a limit of the cycle.
constexpr auto kLongestWait = std::chrono::hours(24);
constexpr auto kHeartbeat = std::chrono::milliseconds(250);
constexpr auto kMostLate = std::chrono::milliseconds(1000);

}  // namespace

RealCycle::RealCycle(const scenario::Scenario& scenario, const scenario::BenchBoard& board,
                     scenario::Runner runner)
    : scenario_(scenario), board_(board), runner_(std::move(runner)) {}

RealResult RealCycle::run(const RealParts& parts, Watcher watcher) {
  watcher_ = std::move(watcher);
  begun_ = io::now();
  journal_.emplace(parts.journal);
  // Held until the board is safe: a second Ctrl-C does not leave it as it is.
  const io::Signals signals(loop_, {SIGINT, SIGTERM, SIGHUP}, [this](int) { interrupted(); });
  try {
    open(parts);
    wait_for_end();
  } catch (const base::UsageError& error) {
    fault(error.what());
  } catch (const std::exception& error) {
    fault(error.what());
  }
  leave_safe();
  show_pending();
  return {.timeline = std::move(timeline_),
          .interrupted = interrupted_,
          .link = std::move(link_),
          .packets = std::move(packets_)};
}

void RealCycle::open(const RealParts& parts) {
  if (parts.desk == nullptr) own_desk_.emplace(parts.switches);
  supply_.emplace(loop_, board_, parts.desk != nullptr ? *parts.desk : *own_desk_, *journal_);
  plant_ = parts.plant;
  emulator_ = parts.emulator;
  debug_ = parts.debug;
  if (parts.modem) open_modem(*parts.modem, parts.keeps_packets);
  if (parts.open_link) open_link(parts);
  update_.emplace(loop_, scenario_.update.offer, scenario_.update.trigger,
                  UpdatePrograms::Handlers{.said = [this](const std::string& text) { note(text); },
                                           .failed =
                                               [this](const std::string& cause) {
                                                 fault("the update could not be started: " + cause);
                                               }});
  console_ = parts.open_console(loop_);
  console_->listen([this](const console::Event& each) { heard(each); });
  supply_->listen({.went_off = [this](record::Domains which, io::Time at) { went_off(which, at); },
                   .went_on = [this](record::Domains which) { went_on(which); },
                   .settled = [this](record::Domains) { settled(); },
                   .unproven = [this](record::Domains, const std::string& why) { unproven(why); },
                   .failed = [this](const std::string& cause) { fault(cause); },
                   .last_byte = [this] { return console_->last_received(); }});
  for (const std::string& text : supply_->worn()) note("worn relay: " + text);
  supply_->begin();
  power_off(kEverything);
}

// The board's packets pass through it from here on, also while it is provisioned.
void RealCycle::open_link(const RealParts& parts) {
  path_.emplace(
      loop_,
      ShapedPath::Settings{
          .open = parts.open_link, .begun = begun_, .keeps_packets = parts.keeps_packets},
      ShapedPath::Handlers{.recorded =
                               [this](const record::Event& each) {
                                 if (stage_ >= Stage::running) insert(each);
                               },
                           .reached = [this] { carry_out(runner_.trigger_fired(now())); }});
}

void RealCycle::end_link() {
  if (path_) {
    auto outcome = path_->end();
    link_ = std::move(outcome.stats);
    packets_ = std::move(outcome.packets);
  } else if (modem_) {
    link_ = modem_->link_stats();
    packets_ = modem_->packets();
  }
  if (!link_) return;
  const TcpSide tcp = modem_ && scenario_.update.http ? TcpSide::model : TcpSide::none_or_real;
  for (const record::Event& each : figures_of(*link_, now(), tcp)) append(each);
}

void RealCycle::open_modem(const ModemSide& side, bool keeps_packets) {
  modem_.emplace(loop_, side.around, begun_);
  if (keeps_packets) modem_->keep_packets();
  modem_->listen({.recorded =
                      [this](const record::Event& each) {
                        if (stage_ != Stage::running) return;
                        append(each);
                        deliver(record::Event(timeline_.back()));
                      },
                  .reached = [this] { carry_out(runner_.trigger_fired(now())); },
                  .hung_up =
                      [this](std::error_code) {
                        if (!emulator_) fault("the adapter in place of the modem vanished");
                      }});
  uart_.emplace(loop_, side.uart, *modem_);
}

// Deadlines that expire late and a device that gets no time of a shared machine look alike: nothing
// that such a cycle shows is the device's doing.
void RealCycle::beat() {
  const io::Time due = io::now() + kHeartbeat;
  heartbeat_.at(due, [this, due](io::Time at) {
    const auto late = std::chrono::duration_cast<std::chrono::milliseconds>(at - due);
    if (late <= kMostLate) return beat();
    fault(fmt::format("this machine is too busy: the rig came {} ms late; run fewer boards at once",
                      late.count()));
  });
}

void RealCycle::wait_for_end() {
  beat();
  while (stage_ != Stage::over) {
    static_cast<void>(loop_.run_until([this] { return stage_ == Stage::over; }, kLongestWait));
  }
}

void RealCycle::interrupted() {
  note("interrupted");
  interrupted_ = true;
  stage_ = Stage::over;
}

// The only way out: what the programs still do, then the power.
void RealCycle::leave_safe() {
  stage_ = Stage::over;
  deadline_.cancel();
  heartbeat_.cancel();
  lost_console_.cancel();
  update_.reset();
  provisioning_.reset();
  try {
    end_link();
  } catch (const std::exception& error) {
    fault(error.what());
  }
  if (!supply_) return;
  const std::vector<std::string> unsafe = supply_->leave_safe();
  for (const std::string& what : unsafe) {
    event(Lane::rig, EventKind::rig_fault, "the board is NOT in its safe state: " + what);
  }
  if (unsafe.empty()) note(board_.power.safe_on ? "left with power on" : "left without power");
}

void RealCycle::went_off(record::Domains which, io::Time at) {
  if (which.board) console_->end_line();
  if (which.board && cutting_.board) {
    unheard_since_cut_ = true;
    on_since_cut_ = false;
  }
  cutting_.board = cutting_.board && !which.board;
  cutting_.modem = cutting_.modem && !which.modem;
  if (stage_ == Stage::running) return power_lost(which, at);
  note(record::to_text(which) + " without power, proven");
  if (!supply_->all(State::off)) return;
  if (stage_ == Stage::emptying && plant_) plant_();
  if (stage_ == Stage::emptying && !plant_ && (planted_by_probe() || scenario_.provision.program)) {
    stage_ = Stage::filling;
    supply_->want(kEverything, Level::on);
  } else {
    start_runner();
  }
}

// It happened before its proof: behind the last line that the board managed to say.
void RealCycle::power_lost(record::Domains which, io::Time at) {
  const record::Event off{.at = instant(at),
                          .lane = Lane::power,
                          .kind = EventKind::off,
                          .address = 0,
                          .value = 0,
                          .text = record::to_text(which)};
  insert(off);
  if (which.modem && !board_.power.modem_sense) {
    note("modem: without power by the word of its switch; nothing else proves it");
  }
  deliver(off);
}

// Power events are those of the cycle: what happens while the board is taken over is no part of
// the trial, and must never pass for the proof of a cut.
void RealCycle::went_on(record::Domains which) {
  if (which.board) {
    console_->release_board(false);
    if (uart_) uart_->release_board(false);
    heard_since_on_ = false;
    on_since_cut_ = true;
  }
  if (which.modem && modem_) modem_->set_supply(true);
  if (stage_ != Stage::running) return note(record::to_text(which) + " has power");
  event(Lane::power, EventKind::on, record::to_text(which));
  deliver(record::Event(timeline_.back()));
}

void RealCycle::settled() {
  if (stage_ == Stage::filling && supply_->all(State::on)) provision();
}

// The judge calls a cut without proof void. Any other loss of power that cannot be proven means
// that the rig does not have the board in its hands.
void RealCycle::unproven(const std::string& why) {
  if (stage_ == Stage::over) return;
  if (cutting() && stage_ == Stage::running) {
    return carry_out(runner_.cut_unproven(now(), record::kUnprovenCut + why));
  }
  fault("the board cannot be switched off: " + why);
}

void RealCycle::provision() {
  stage_ = Stage::provisioning;
  if (planted_by_probe()) return plant_by_probe();
  const scenario::Program& program = *scenario_.provision.program;
  const auto known = words({.user = scenario_.start.user, .system = {}, .bootloader = {}});
  note(fmt::format("provisioning: {}", fmt::join(scenario::filled_in(program.argv, known), " ")));
  provisioning_.emplace(loop_, "provisioning", program, known);
  provisioning_->listen({.said = [this](const std::string& text) { note(text); },
                         .ended =
                             [this](bool good, const std::string& how) {
                               note(how);
                               good ? provisioned() : fault(how);
                             }});
}

void RealCycle::provisioned() {
  stage_ = Stage::emptying_again;
  power_off(kEverything);
}

void RealCycle::start_runner() {
  stage_ = Stage::running;
  carry_out(runner_.begin(now()));
}

void RealCycle::fault(const std::string& cause) {
  if (faulted_) return;
  faulted_ = true;
  event(Lane::rig, EventKind::rig_fault, cause);
  stage_ = Stage::over;
}

}  // namespace rig::board
