// What goes into the runner (lines, power, deadlines) and what comes out of it (actions).
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "board/real_cycle.h"
#include "record/vocabulary.h"

namespace rig::board {

namespace seen = record::seen;
using power::Level;
using record::EventKind;
using record::Lane;

namespace {

constexpr auto kConsoleReturns = std::chrono::seconds(2);

probe::Trigger::Kind kind_of(record::WatchAccess access) {
  switch (access) {
    case record::WatchAccess::write:
      return probe::Trigger::Kind::write;
    case record::WatchAccess::read:
      return probe::Trigger::Kind::read;
    case record::WatchAccess::access:
      return probe::Trigger::Kind::access;
  }
  RIG_ASSERT(false);
}

}  // namespace

base::Instant RealCycle::instant(io::Time at) const { return io::instant_of(at, begun_); }

// Never before what the timeline already has.
base::Instant RealCycle::now() const {
  const base::Instant real = instant(io::now());
  return timeline_.empty() ? real : std::max(real, timeline_.back().at);
}

void RealCycle::append(record::Event event) {
  if (!timeline_.empty()) event.at = std::max(event.at, timeline_.back().at);
  timeline_.push_back(std::move(event));
  show(timeline_.back());
}

// What happened before it became known.
void RealCycle::insert(const record::Event& event) {
  auto place = timeline_.end();
  while (place != timeline_.begin() && std::prev(place)->at > event.at) --place;
  timeline_.insert(place, event);
  show(event);
}

// From the loop and not at once: a trigger does not wait for a terminal.
void RealCycle::show(const record::Event& event) {
  if (!watcher_) return;
  if (pending_.empty()) loop_.post([this] { show_pending(); });
  pending_.push_back(event);
}

void RealCycle::show_pending() {
  for (const record::Event& event : pending_) watcher_(event);
  pending_.clear();
}

void RealCycle::event(Lane lane, EventKind kind, std::string text) {
  append(
      {.at = now(), .lane = lane, .kind = kind, .address = 0, .value = 0, .text = std::move(text)});
}

void RealCycle::note(const std::string& text) { event(Lane::rig, EventKind::note, text); }

void RealCycle::heard(const console::Event& each) {
  if (stage_ == Stage::over) return;
  if (const auto* line = std::get_if<console::Line>(&each)) {
    heard_line(*line);
  } else if (const auto* gone = std::get_if<console::Vanished>(&each)) {
    console_vanished(gone->reason);
  } else if (const auto* back = std::get_if<console::Returned>(&each)) {
    note("the console is back at " + back->where);
  } else if (const auto* bad = std::get_if<console::LineFault>(&each)) {
    if (!console::loses_bytes(bad->kind)) return;
    fault(fmt::format("the console lost bytes: {} ({} times)", console::name_of(bad->kind),
                      bad->count));
  } else if (const auto* trouble = std::get_if<console::Trouble>(&each)) {
    note("console: " + trouble->what);
  }
}

// An emulator that loses its console while it has power has ended by itself; unless this is the
// console of the one before, told late, and the new one's comes in a moment.
void RealCycle::console_vanished(const std::string& reason) {
  const std::string what = "the console vanished: " + reason;
  if (!board_.console.own_usb) return fault(what);
  note(what);
  if (!emulator_ || !supply_->wants_board()) return;
  lost_console_.after(kConsoleReturns, [this, what](io::Time) {
    if (!console_->present() && supply_->wants_board()) fault("the emulator ended: " + what);
  });
}

void RealCycle::heard_line(const console::Line& line) {
  append({.at = instant(line.last),
          .lane = Lane::console,
          .kind = EventKind::line,
          .address = 0,
          .value = line.end == io::LineEnd::closed ? record::kBrokenOff : 0,
          .text = line.text});
  heard_since_on_ = true;
  if (on_since_cut_) unheard_since_cut_ = false;
  if (stage_ == Stage::running) deliver(record::Event(timeline_.back()));
}

void RealCycle::deliver(const record::Event& event) { carry_out(runner_.step(event)); }

void RealCycle::carry_out(const std::vector<scenario::Action>& actions) {
  for (const scenario::Action& action : actions) {
    std::visit([this](const auto& each) { carry_out(each); }, action);
  }
  if (runner_.finished()) stage_ = Stage::over;
  plan_next();
}

void RealCycle::plan_next() {
  const auto wake = runner_.wake_time();
  if (!wake || stage_ != Stage::running) return deadline_.cancel();
  deadline_.at(begun_ + (*wake - base::kCycleStart),
               [this](io::Time) { carry_out(runner_.expire(now())); });
}

void RealCycle::carry_out(const scenario::PowerOn& action) {
  if (action.which.modem && modem_is_ours()) supply_modem(true);
  supply_->want(action.which, Level::on);
}

// A modem that the rig is has the power that the rig says it has; nothing else needs to prove it.
void RealCycle::supply_modem(bool on) {
  modem_->set_supply(on);
  if (std::exchange(modem_on_, on) == on || stage_ != Stage::running) return;
  event(Lane::power, on ? EventKind::on : EventKind::off,
        record::to_text(record::Domains{.board = false, .modem = true}));
  deliver(record::Event(timeline_.back()));
}

void RealCycle::carry_out(const scenario::PowerOff& action) { power_off(action.which); }

// The order to the relay first: letting go of the board's pins may take a transfer of its own, and
// only has to be done before the proof.
void RealCycle::power_off(record::Domains which) {
  supply_->want(which, Level::off);
  if (which.board) let_go_of_code();
  if (update_) update_->power_lost();
  if (which.board) console_->release_board(true);
  if (which.board && uart_) uart_->release_board(true);
  if (!which.modem || !modem_) return;
  if (!modem_is_ours()) return modem_->set_supply(false);
  cutting_.modem = false;
  supply_modem(false);
}

void RealCycle::carry_out(const scenario::CutNow& action) {
  cutting_ = action.domains;
  power_off(action.domains);
}

void RealCycle::carry_out(const scenario::Offer& action) {
  target_ = action.target;
  if (!std::exchange(offered_, true)) {
    if (modem_) modem_->count_from_here();
    if (path_) path_->count_from_here();
  }
  modem_ ? modem_->set_target(target_) : update_->offer(words(target_));
}

// Refused before anything was started (scenario/serial_rules.h).
void RealCycle::carry_out(const scenario::ArmFlashOp&) { RIG_ASSERT(false); }

void RealCycle::carry_out(const scenario::ArmBytes& action) {
  RIG_ASSERT(modem_ || path_);  // scenario/serial_rules.h
  modem_ ? modem_->arm_bytes(action.direction, action.bytes)
         : path_->arm_bytes(action.direction, action.bytes);
}

void RealCycle::carry_out(const scenario::ArmCode& action) {
  RIG_ASSERT(debug_.has_value());  // scenario/serial_rules.h
  if (const auto* function = std::get_if<record::SymbolTrigger>(&action.trigger)) {
    const std::uint32_t address = function_at(*debug_->product, function->symbol);
    return arm_code({.kind = probe::Trigger::Kind::hardware_breakpoint, .address = address},
                    function->hit);
  }
  const auto& watch = std::get<record::WatchTrigger>(action.trigger);
  const image::Symbol data = symbol_at(*debug_->product, watch.symbol);
  const std::uint32_t length = data.size == 0 ? 4 : std::min<std::uint32_t>(data.size, 4);
  arm_code({.kind = kind_of(watch.access), .address = data.address, .length = length}, watch.hit);
}

void RealCycle::open_probe() {
  probe_ = debug_->open_probe(
      loop_, {.failed = [this](const base::RigError& error) { fault(error.what()); },
              .log = [this](const std::string& line) { note("probe: " + line); }});
}

void RealCycle::plant_by_probe() {
  note("planting " + debug_->image->file.string());
  open_probe();
  probe_->take([this](const probe::Identity& found) {
    note("the probe found " + to_text(found));
    probe::plant(*probe_, *debug_->image, [this] {
      note("planted and verified");
      provisioned();
    });
  });
}

// The modem stands still until the trigger is in the target: the board hears nothing of the update
// before.
void RealCycle::arm_code(const probe::Trigger& trigger, std::uint64_t hit) {
  if (modem_) modem_->hold(true);
  if (debug_->place) return attach(*debug_->place, trigger, hit);
  open_probe();
  probe_->take([this, trigger, hit](const probe::Identity& found) {
    note("the probe found " + to_text(found));
    attach(probe_->stub(), trigger, hit);
  });
}

// Before the cut has its proof, so that no debugger feeds the board.
void RealCycle::let_go_of_code() {
  stub_.reset();
  probe_.reset();
}

void RealCycle::attach(const probe::StubPlace& place, const probe::Trigger& trigger,
                       std::uint64_t hit) {
  const auto failed = [this](const base::RigError& error) { fault(error.what()); };
  stub_ = std::make_unique<probe::DebugStub>(
      loop_, place, probe::DebugStub::Handlers{.failed = failed, .stopped = {}},
      [this, trigger, hit] {
        stub_->arm(trigger, hit, [this](const auto& each) { code_reached(each); }, {});
        stub_->resume([this] {
          if (modem_) modem_->hold(false);
        });
      });
}

// The board stands still at the trigger; it goes on if the cut comes later.
void RealCycle::code_reached(const probe::DebugStub::Hit& hit) {
  note(fmt::format("the debugger stopped the board at 0x{:08x}, hit {}", hit.pc, hit.hits));
  carry_out(runner_.trigger_fired(now()));
  let_code_run_on();
}

void RealCycle::let_code_run_on() {
  if (!stub_) return;
  stub_->detach([this] {
    if (!probe_) return let_go_of_code();
    probe_->resume([this] { let_go_of_code(); });
  });
}

void RealCycle::carry_out(const scenario::Disarm&) {
  let_code_run_on();
  if (modem_) modem_->disarm();
  if (path_) path_->disarm();
}

void RealCycle::carry_out(const scenario::EnterPhase& action) {
  if (modem_) modem_->set_phase(action.phase);
  if (path_) path_->set_phase(action.phase);
}

void RealCycle::carry_out(const scenario::Record& action) {
  if (action.event.kind == EventKind::cycle_end) doubt_cut();
  append(action.event);
  if (action.event.kind == EventKind::observed) watch_update(action.event);
  if (action.event.kind == EventKind::deadline) doubt_reboot(action.event);
}

// An idle board is as silent as one without power. When it says nothing after a loss of power that
// only its silence proves, nobody knows whether it is dead or never lost its power: no trial.
void RealCycle::doubt_reboot(const record::Event& deadline) {
  if (deadline.text != record::wait::kRebootOnline) return;
  if (heard_since_on_ || board_.power.board_sense) return;
  fault(
      "nothing was heard after a clean reboot, and only silence says that the board lost its power "
      "at all; lengthen shortest_off, or declare a sense");
}

// The runner has tried to bring the board back by more losses of power, of the same kind.
void RealCycle::doubt_cut() {
  if (!unheard_since_cut_ || board_.power.board_sense) return;
  fault(
      "nothing was heard since the cut, and only silence says that the board lost its power at "
      "all: "
      "it may be dead, or a contact that stays closed may feed a board that has stopped talking; "
      "look at it, and declare a sense");
}

// The rig's server offers again whenever a device asks; here the device is asked.
void RealCycle::watch_update(const record::Event& observed) {
  if (modem_ || cutting() || record::first_word(observed.text) != seen::kOnline) return;
  const auto runs = [&observed](std::optional<std::uint16_t> wanted, std::string_view key) {
    return !wanted || record::field(observed.text, key) == std::to_string(*wanted);
  };
  const bool there = record::field(observed.text, "mode") != "safe" && runs(target_.user, "user") &&
                     runs(target_.system, "system") && runs(target_.bootloader, "bootloader");
  there ? update_->arrived() : update_->missing();
}

scenario::Words RealCycle::words(const ota::Target& target) const {
  scenario::Words words{{"board", board_.name}, {"apn", scenario_.provision.apn}};
  const auto add = [&words](const char* name, std::optional<std::uint16_t> version) {
    words[name] = version ? std::to_string(*version) : "";
  };
  add("user", target.user);
  add("system", target.system);
  add("bootloader", target.bootloader);
  return words;
}

}  // namespace rig::board
