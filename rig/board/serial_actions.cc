// What goes into the runner (lines, power, deadlines) and what comes out of it (actions).
#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "board/serial_cycle.h"
#include "record/vocabulary.h"

namespace rig::board {

namespace seen = record::seen;
using power::Level;
using record::EventKind;
using record::Lane;

base::Instant SerialCycle::instant(io::Time at) const { return io::instant_of(at, begun_); }

// Never before what the timeline already has.
base::Instant SerialCycle::now() const {
  const base::Instant real = instant(io::now());
  return timeline_.empty() ? real : std::max(real, timeline_.back().at);
}

void SerialCycle::append(record::Event event) {
  if (!timeline_.empty()) event.at = std::max(event.at, timeline_.back().at);
  timeline_.push_back(std::move(event));
  show(timeline_.back());
}

// From the loop and not at once: a trigger does not wait for a terminal.
void SerialCycle::show(const record::Event& event) {
  if (!watcher_) return;
  if (pending_.empty()) loop_.post([this] { show_pending(); });
  pending_.push_back(event);
}

void SerialCycle::show_pending() {
  for (const record::Event& event : pending_) watcher_(event);
  pending_.clear();
}

void SerialCycle::event(Lane lane, EventKind kind, std::string text) {
  append(
      {.at = now(), .lane = lane, .kind = kind, .address = 0, .value = 0, .text = std::move(text)});
}

void SerialCycle::note(const std::string& text) { event(Lane::rig, EventKind::note, text); }

void SerialCycle::heard(const console::Event& each) {
  if (stage_ == Stage::over) return;
  if (const auto* line = std::get_if<console::Line>(&each)) {
    heard_line(*line);
  } else if (const auto* gone = std::get_if<console::Vanished>(&each)) {
    const std::string what = "the console vanished: " + gone->reason;
    board_.console.own_usb ? note(what) : fault(what);
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

void SerialCycle::heard_line(const console::Line& line) {
  append({.at = instant(line.last),
          .lane = Lane::console,
          .kind = EventKind::line,
          .address = 0,
          .value = 0,
          .text = line.text});
  heard_since_on_ = true;
  if (stage_ == Stage::running) deliver(record::Event(timeline_.back()));
}

void SerialCycle::deliver(const record::Event& event) { carry_out(runner_.step(event)); }

void SerialCycle::carry_out(const std::vector<scenario::Action>& actions) {
  for (const scenario::Action& action : actions) {
    std::visit([this](const auto& each) { carry_out(each); }, action);
  }
  if (runner_.finished()) stage_ = Stage::over;
  plan_next();
}

void SerialCycle::plan_next() {
  const auto wake = runner_.wake_time();
  if (!wake || stage_ != Stage::running) return deadline_.cancel();
  deadline_.at(begun_ + (*wake - base::kCycleStart),
               [this](io::Time) { carry_out(runner_.expire(now())); });
}

void SerialCycle::carry_out(const scenario::PowerOn& action) {
  supply_->want(action.which, Level::on);
}

void SerialCycle::carry_out(const scenario::PowerOff& action) { power_off(action.which); }

// The order to the relay first: letting go of the board's pins may take a transfer of its own, and
// only has to be done before the proof.
void SerialCycle::power_off(record::Domains which) {
  supply_->want(which, Level::off);
  if (update_) update_->power_lost();
  if (which.board) console_->release_board(true);
}

void SerialCycle::carry_out(const scenario::CutNow& action) {
  cutting_ = action.domains;
  power_off(action.domains);
}

void SerialCycle::carry_out(const scenario::Offer& action) {
  target_ = action.target;
  update_->offer(words(target_));
}

// Refused before anything was started (scenario/serial_rules.h).
void SerialCycle::carry_out(const scenario::ArmFlashOp&) { RIG_ASSERT(false); }
void SerialCycle::carry_out(const scenario::ArmBytes&) { RIG_ASSERT(false); }
void SerialCycle::carry_out(const scenario::Disarm&) {}

void SerialCycle::carry_out(const scenario::Record& action) {
  append(action.event);
  if (action.event.kind == EventKind::observed) watch_update(action.event);
  if (action.event.kind == EventKind::deadline) doubt_reboot(action.event);
}

// An idle board is as silent as one without power. When it says nothing after a clean reboot that
// only its silence proves, nobody knows whether it is dead or never lost its power: no trial.
void SerialCycle::doubt_reboot(const record::Event& deadline) {
  if (deadline.text != record::wait::kRebootOnline) return;
  if (heard_since_on_ || board_.power.board_sense) return;
  fault(
      "nothing was heard after a clean reboot, and only silence says that the board lost its power "
      "at all; lengthen shortest_off, or declare a sense");
}

// The rig's server offers again whenever a device asks; here the device is asked.
void SerialCycle::watch_update(const record::Event& observed) {
  if (cutting() || record::first_word(observed.text) != seen::kOnline) return;
  const auto runs = [&observed](std::optional<std::uint16_t> wanted, std::string_view key) {
    return !wanted || record::field(observed.text, key) == std::to_string(*wanted);
  };
  const bool there = record::field(observed.text, "mode") != "safe" && runs(target_.user, "user") &&
                     runs(target_.system, "system") && runs(target_.bootloader, "bootloader");
  there ? update_->arrived() : update_->missing();
}

scenario::Words SerialCycle::words(const ota::Target& target) const {
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
