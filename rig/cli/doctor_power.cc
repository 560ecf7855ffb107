#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/rig_error.h"
#include "board/supply.h"
#include "cli/doctor.h"
#include "cli/drivers.h"
#include "power/clock.h"
#include "power/safety.h"

namespace rig::cli {
namespace {

using power::Level;
using std::chrono::milliseconds;
using std::chrono::seconds;
constexpr record::Domains kAll{.board = true, .modem = true};

constexpr io::Duration kBootsWithin = seconds(15);
constexpr io::Duration kTalksFor = milliseconds(100);  // after its first byte, before it is cut
constexpr std::size_t kBootLines = 32;
constexpr io::Duration kProbeWithin = seconds(20);
constexpr char kFindOtherFeed[] =
    "something else feeds it (UART, USB, debugger), or the contact is not in its supply: README, "
    "'Wiring'";

double ms(io::Duration length) { return std::chrono::duration<double, std::milli>(length).count(); }

// Every contact once, each on its own, so that a wrong one is told by its number.
class Contacts {
 public:
  Contacts(const RealBoard& real, power::IntentJournal& journal, Checkup& checkup)
      : real_(real), journal_(journal), checkup_(checkup) {}

  bool switch_each() {
    journal_.intend(board::intents_for(real_.board.power, Level::on));
    const auto off = board::intents_for(real_.board.power, Level::off);
    bool all = true;
    for (const auto& intent : off) all = set(intent.key, intent.level).has_value() && all;
    for (const auto& intent : off) all = all && switch_once(intent);
    return all;
  }

 private:
  std::optional<io::Duration> set(const power::ChannelKey& key, Level level) {
    auto& worker = workers_[key.power_switch];
    if (!worker) {
      worker = std::make_unique<power::Worker>(key.power_switch,
                                               real_.parts.switches.at(key.power_switch));
    }
    const auto limit = power::now() + real_.board.power.answer_within;
    auto pending =
        worker->submit({.what = power::SetOrder{.change = {.channel = key.channel, .level = level}},
                        .deadline = limit});
    const auto result = power::result_of(pending, limit);
    const auto* done = std::get_if<power::Switched>(&result.what);
    if (done != nullptr) return done->not_after - done->not_before;
    const auto* failure = result.failure();
    checkup_.broken(text_of(key), failure != nullptr ? failure->what : "it did not switch",
                    "unplug the switch and plug it in again; check its coil supply");
    return std::nullopt;
  }

  // To the level that gives power, and back.
  bool switch_once(const power::Intent& off) {
    const auto there = set(off.key, off.level == Level::on ? Level::off : Level::on);
    const auto back = there ? set(off.key, off.level) : std::nullopt;
    if (!back) return false;
    checkup_.good(text_of(off.key), fmt::format("switched in {:.1f} ms and back in {:.1f} ms",
                                                ms(*there), ms(*back)));
    return true;
  }

  [[nodiscard]] std::string text_of(const power::ChannelKey& key) const {
    return fmt::format("board {}: channel {} of {}", real_.board.name, key.channel.number,
                       key.power_switch);
  }

  const RealBoard& real_;
  power::IntentJournal& journal_;
  Checkup& checkup_;
  std::map<std::string, std::unique_ptr<power::Worker>> workers_;
};

// The board once on and once off, as a cycle would do it.
class PowerTrial {
 public:
  PowerTrial(const RealBoard& real, power::IntentJournal& journal, Checkup& checkup)
      : real_(real),
        checkup_(checkup),
        console_(real.parts.open_console(loop_)),
        desk_(real.parts.switches),
        supply_(loop_, real.board, desk_, journal) {
    console_->listen([this](const console::Event& event) {
      if (const auto* line = std::get_if<console::Line>(&event)) heard(*line);
    });
    supply_.listen({.went_off = [this](auto, io::Time at) { off_at_ = at; },
                    .went_on = [this](auto) { console_->release_board(false); },
                    .settled = {},
                    .unproven = [this](auto, const std::string& why) { unproven_ = why; },
                    .failed = [this](const std::string& cause) { failed_ = cause; },
                    .last_byte = [this] { return console_->last_received(); }});
  }

  void run() {
    supply_.begin();
    if (cut("off at first") && give_power() && hear()) {
      identify();
      if (cut_alive()) boot_again();
    }
    for (const std::string& each : supply_.leave_safe()) {
      checkup_.broken(name("safe state"), each, "switch it off by hand");
    }
  }

 private:
  [[nodiscard]] std::string name(const std::string& what) const {
    return fmt::format("board {}: {}", real_.board.name, what);
  }

  bool wait(const std::function<bool()>& done, io::Duration limit) {
    return loop_.run_until([&] { return done() || unproven_ || failed_; }, limit) && !unproven_ &&
           !failed_;
  }

  // The longest that the rules of the bench let anything take.
  [[nodiscard]] io::Duration patience() const {
    const auto& power = real_.board.power;
    return power.shortest_off + power.settle + power.prove_within + 2 * power.answer_within +
           seconds(1);
  }

  void complain(const std::string& what, const std::string& otherwise, const std::string& then) {
    const std::string advice = unproven_ ? kFindOtherFeed : failed_ ? "" : then;
    checkup_.broken(name(what), failed_.value_or(unproven_.value_or(otherwise)), advice);
  }

  bool cut(const std::string& what) {
    off_at_.reset();
    console_->end_line();
    console_->release_board(true);
    supply_.want(kAll, Level::off);
    if (wait([&] { return supply_.all(power::PowerDomain::State::off); }, patience())) {
      loop_.run_for(io::Duration::zero());
      return true;
    }
    complain(what, "it was not proven in time", kFindOtherFeed);
    return false;
  }

  bool give_power() {
    on_since_ = io::now();
    first_line_.reset();
    boot_.swap(last_boot_);
    boot_.clear();
    supply_.want(kAll, Level::on);
    if (wait([&] { return supply_.all(power::PowerDomain::State::on); }, patience())) return true;
    complain("power", "it did not come", {});
    return false;
  }

  bool spoke() const {
    const auto last = console_->last_received();
    return last && *last > on_since_;
  }

  bool hear() {
    if (wait([this] { return spoke(); }, kBootsWithin)) {
      checkup_.good(name("console"),
                    fmt::format("heard {:.0f} ms after power",
                                ms(first_line_.value_or(*console_->last_received()) - on_since_)));
      return true;
    }
    complain("console", fmt::format("not a byte within {:.0f} s of power", ms(kBootsWithin) / 1000),
             "check its port and baud rate, and whether TX and RX are swapped; or it had power all "
             "the time and is quiet: something else feeds it");
    return false;
  }

  void identify() {
    if (!real_.board.probe) return;
    std::optional<base::RigError> failure;
    std::optional<probe::Identity> found;
    bool released = false;
    const auto probe =
        probe_of(real_.bench, real_.board, loop_,
                 {.failed = [&](const base::RigError& error) { failure = error; }, .log = {}});
    try {
      probe->take([&](const probe::Identity& identity) {
        found = identity;
        probe->release([&] { released = true; });
      });
      static_cast<void>(loop_.run_until([&] { return released || failure; }, kProbeWithin));
    } catch (const base::RigError& error) {
      failure = error;
    }
    if (failure || !found) {
      return checkup_.broken(name("probe"), failure ? failure->what() : "it does not answer",
                             "check its cable, its udev rule, and 'probe' in the bench file");
    }
    checkup_.good(name("probe"), to_text(*found));
  }

  void heard(const console::Line& line) {
    if (!first_line_) first_line_ = line.first;
    if (boot_.size() < kBootLines) boot_.insert(line.text);
  }

  bool cut_alive() {
    loop_.run_for(kTalksFor);
    const io::Time told = io::now();
    if (!cut("cut")) return false;
    held_ = std::max(off_at_.value_or(told) - told, io::Duration::zero());
    return true;
  }

  // A board that says nothing may be without power, or have nothing to say. One that boots when its
  // power returns has lost it: it says again what it said at its first boot.
  void boot_again() {
    if (!give_power()) return;
    const std::string found =
        fmt::format("last sign of life {:.0f} ms after the command, silent for {:.0f} ms",
                    ms(held_), ms(real_.board.power.silence));
    const auto repeats = [this] {
      return std::ranges::any_of(
          boot_, [this](const std::string& line) { return last_boot_.contains(line); });
    };
    if (wait(repeats, kBootsWithin)) {
      return checkup_.good(name("cut"), found + ", and it booted again");
    }
    if (!spoke()) {
      return checkup_.broken(name("cut"), found + ", but it did not boot when its power came back",
                             kFindOtherFeed);
    }
    checkup_.notice(
        name("cut"), found + "; then it said nothing of what it said at its first boot",
        "if these are not its boot's words, something else feeds it; or declare a sense");
  }

  const RealBoard& real_;
  Checkup& checkup_;
  io::Loop loop_;
  std::unique_ptr<console::Console> console_;
  io::Time on_since_{};
  std::optional<io::Time> first_line_;
  std::set<std::string> boot_;       // what it said first since its power came
  std::set<std::string> last_boot_;  // and the time before
  io::Duration held_{};
  std::optional<io::Time> off_at_;
  std::optional<std::string> unproven_;
  std::optional<std::string> failed_;
  power::SwitchDesk desk_;
  board::Supply supply_;
};

// False: it threw, and that was told.
bool guarded(const RealBoard& real, Checkup& checkup, const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    checkup.broken("board " + real.board.name, error.what(), "");
    return false;
  }
}

}  // namespace

void switch_board(const RealBoard& real, Checkup& checkup) {
  const auto make_safe = [&] { static_cast<void>(bring_to_safety(real)); };
  if (!guarded(real, checkup, make_safe)) return;  // somebody else's, or it does not obey
  static_cast<void>(guarded(real, checkup, [&] {
    power::IntentJournal journal(real.parts.journal);
    if (Contacts(real, journal, checkup).switch_each()) PowerTrial(real, journal, checkup).run();
  }));
  static_cast<void>(guarded(real, checkup, make_safe));
}

}  // namespace rig::cli
