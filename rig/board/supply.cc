#include "board/supply.h"

#include <fmt/format.h>

#include <algorithm>

#include "power/safety.h"

namespace rig::board {
namespace {

using power::Level;
using power::PowerDomain;
using State = PowerDomain::State;
using namespace std::chrono_literals;

// How often a declared sense is asked while a cut is being proven.
constexpr auto kSenseEvery = 50ms;

power::ChannelKey key_of(const scenario::ChannelSpec& spec) {
  return {.power_switch = spec.power_switch, .channel = power::Channel{spec.channel}};
}

Level coil(const scenario::ChannelSpec& spec, Level power) {
  const bool closed = power == Level::on;
  return closed != spec.normally_closed ? Level::on : Level::off;
}

std::vector<power::Leg> legs_of(const std::vector<scenario::ChannelSpec>& channels,
                                const power::IntentJournal& journal) {
  std::vector<power::Leg> legs;
  legs.reserve(channels.size());
  for (const auto& each : channels) {
    legs.push_back({.key = key_of(each),
                    .wiring = each.normally_closed ? power::Wiring::normally_closed
                                                   : power::Wiring::normally_open,
                    .cycles = journal.cycles(key_of(each)),
                    .rated_cycles = power::kRelayRatedCycles});
  }
  return legs;
}

// A modem without a sense of its own has nothing to be silent: its domain is off when its contacts
// say so, and only together with the board's (scenario/serial_rules.h).
power::DomainRules rules_of(const scenario::PowerSpec& spec, bool modem) {
  return {.shortest_off = spec.shortest_off,
          .settle = spec.settle,
          .silence = modem ? base::Duration{} : spec.silence,
          .has_sense = (modem ? spec.modem_sense : spec.board_sense).has_value(),
          .prove_within = spec.prove_within};
}

std::string text_of(const power::VoidCut& outcome, const record::Domains& which) {
  const std::string name = record::to_text(which);
  switch (outcome.reason) {
    case power::VoidReason::console_talks:
      return fmt::format("the contacts of '{}' are open, but the console still talks", name);
    case power::VoidReason::sense_says_on:
      return fmt::format("the contacts of '{}' are open, but its sense says on", name);
    case power::VoidReason::sense_is_mute:
      return fmt::format("the contacts of '{}' are open, but its sense says nothing", name);
  }
  return name;
}

std::vector<power::Intent> intents_of(const std::vector<scenario::ChannelSpec>& channels,
                                      bool safe_on, Level level) {
  std::vector<power::Intent> intents;
  intents.reserve(channels.size());
  for (const auto& each : channels) {
    intents.push_back({.key = key_of(each),
                       .level = coil(each, level),
                       .safe = coil(each, safe_on ? Level::on : Level::off)});
  }
  return intents;
}

bool overlaps(record::Domains a, record::Domains b) {
  return (a.board && b.board) || (a.modem && b.modem);
}

}  // namespace

std::vector<power::Intent> intents_for(const scenario::PowerSpec& spec, Level level) {
  std::vector<scenario::ChannelSpec> all = spec.board;
  all.insert(all.end(), spec.modem.begin(), spec.modem.end());
  return intents_of(all, spec.safe_on, level);
}

std::vector<power::Intent> safe_intents(const scenario::PowerSpec& spec) {
  return intents_for(spec, spec.safe_on ? Level::on : Level::off);
}

Supply::Supply(io::Loop& loop, const scenario::BenchBoard& board, power::SwitchDesk& desk,
               power::IntentJournal& journal)
    : loop_(loop), spec_(board.power), journal_(journal), timer_(loop), desk_(desk) {
  add_part(
      {.which = {.board = true, .modem = false},
       .domain = PowerDomain(board.name, legs_of(spec_.board, journal), rules_of(spec_, false)),
       .channels = spec_.board,
       .sense = spec_.board_sense});
  if (spec_.modem.empty()) return;
  add_part({.which = {.board = false, .modem = true},
            .domain = PowerDomain(board.name + " modem", legs_of(spec_.modem, journal),
                                  rules_of(spec_, true)),
            .channels = spec_.modem,
            .sense = spec_.modem_sense});
}

Supply::~Supply() {
  try {
    static_cast<void>(leave_safe());
  } catch (const std::exception&) {
    // The journal still holds the intent; the next start brings the board to safety.
  }
}

void Supply::add_part(Part part) {
  for (const power::Leg& leg : part.domain.legs()) switches_.insert(leg.key.power_switch);
  if (part.sense) switches_.insert(part.sense->power_switch);
  parts_.push_back(std::move(part));
}

power::Moment Supply::deadline() const { return io::now() + spec_.answer_within; }

std::size_t Supply::index_of(const Part& part) const {
  return static_cast<std::size_t>(&part - parts_.data());
}

void Supply::begin() {
  safe_ = false;
  journal_.intend(safe_intents(spec_));
  for (const std::string& name : switches_) {
    desk_.submit(name, {.what = power::ReadOrder{}, .deadline = deadline()},
                 [this](const power::SwitchResult& result) {
                   if (result.failure() == nullptr) return;
                   loop_.post([this, what = result.failure()->what] { fail(what); });
                 });
  }
}

void Supply::want(record::Domains which, Level level) {
  for (Part& part : parts_) {
    if (overlaps(part.which, which)) part.wanted = level;
  }
  drive_all();
}

bool Supply::all(State state) const {
  return std::ranges::all_of(parts_, [state](const Part& p) { return p.domain.state() == state; });
}

std::vector<std::string> Supply::worn() const {
  std::vector<std::string> texts;
  for (const Part& part : parts_) {
    for (const power::Wear& wear : part.domain.wear()) {
      if (!wear.due()) continue;
      texts.push_back(fmt::format("channel {} of {} has closed {} times of {} that it is rated for",
                                  wear.key.channel.number, wear.key.power_switch, wear.cycles,
                                  wear.rated_cycles));
    }
  }
  return texts;
}

void Supply::drive_all() {
  if (failed_ || safe_) return;
  for (Part& part : parts_) drive(part);
  plan_next();
}

void Supply::drive(Part& part) {
  const io::Time now = io::now();
  const auto spoke = handlers_.last_byte ? handlers_.last_byte() : std::nullopt;
  if (spoke) part.domain.console_spoke(*spoke);
  tell(part);  // a switch that answers late has had its board settle already: both are told
  part.domain.advance(now);
  tell(part);
  const State state = part.domain.state();
  if (part.wanted == Level::off && (state == State::on || state == State::settling)) {
    part.told = State::cutting;
    give(index_of(part), part.domain.cut());
  } else if (part.wanted == Level::on && part.domain.earliest_restore() &&
             now >= *part.domain.earliest_restore()) {
    part.told = State::restoring;
    journal_.intend(intents_of(part.channels, spec_.safe_on, Level::on));
    give(index_of(part), part.domain.restore(now));
  }
}

void Supply::ask_senses() {
  for (Part& part : parts_) {
    const bool proving = part.domain.state() == State::proving;
    if (proving && part.sense && !part.sensing) ask_sense(index_of(part));
  }
}

void Supply::give(std::size_t part, const std::vector<power::LegOrder>& orders) {
  for (const power::LegOrder& order : orders) {
    const power::Change change{.channel = order.key.channel, .level = order.level};
    desk_.submit(
        order.key.power_switch,
        {.what = power::SetOrder{.change = change, .verify = true}, .deadline = deadline()},
        [this, part, order](const power::SwitchResult& result) {
          loop_.post([this, part, order, result] { answered(part, order, result); });
        });
  }
}

void Supply::answered(std::size_t part, const power::LegOrder& order,
                      const power::SwitchResult& result) {
  parts_[part].domain.leg_done(order, result);
  if (result.failure() != nullptr) return fail(result.failure()->what);
  drive_all();
  ask_senses();
}

void Supply::ask_sense(std::size_t part) {
  parts_[part].sensing = true;
  desk_.submit(parts_[part].sense->power_switch,
               {.what = power::ReadOrder{}, .deadline = deadline()},
               [this, part](const power::SwitchResult& result) {
                 loop_.post([this, part, result] { sensed(part, result); });
               });
}

void Supply::sensed(std::size_t part, const power::SwitchResult& result) {
  parts_[part].sensing = false;
  if (result.failure() != nullptr) return fail(result.failure()->what);
  const auto* levels = std::get_if<std::optional<power::Levels>>(&result.what);
  if (levels != nullptr && *levels) {
    const power::Channel channel{parts_[part].sense->channel};
    parts_[part].domain.sensed((*levels)->at(channel), result.not_after);
  }
  drive_all();
}

// Each change of state once; the handlers may want something else at once, so they are called from
// the loop.
void Supply::tell(Part& part) {
  const State state = part.domain.state();
  if (state == part.told) return;
  part.told = state;
  const record::Domains which = part.which;
  const power::CutOutcome outcome = part.domain.outcome();
  loop_.post([this, state, which, outcome] {
    const auto* proven = std::get_if<power::ProvenCut>(&outcome);
    const auto* unproven = std::get_if<power::VoidCut>(&outcome);
    if (state == State::off && proven != nullptr && handlers_.went_off) {
      handlers_.went_off(which, proven->last_sign_of_life);
    } else if (state == State::unproven && unproven != nullptr && handlers_.unproven) {
      handlers_.unproven(which, text_of(*unproven, which));
    } else if (state == State::settling && handlers_.went_on) {
      handlers_.went_on(which);
    } else if (state == State::on && handlers_.settled) {
      handlers_.settled(which);
    }
  });
}

void Supply::fail(const std::string& cause) {
  if (failed_ || safe_) return;
  failed_ = true;
  timer_.cancel();
  if (handlers_.failed) handlers_.failed(cause);
}

void Supply::plan_next() {
  std::optional<power::Moment> next;
  const auto consider = [&next](std::optional<power::Moment> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  for (const Part& part : parts_) {
    consider(part.domain.wake_time());
    if (part.wanted == Level::on) consider(part.domain.earliest_restore());
    if (part.domain.state() == State::proving && part.sense) consider(io::now() + kSenseEvery);
  }
  if (!next) return timer_.cancel();
  timer_.at(*next, [this](io::Time) {
    ask_senses();
    drive_all();
  });
}

std::vector<std::string> Supply::leave_safe() {
  std::vector<std::string> unsafe;
  if (safe_) return unsafe;
  safe_ = true;
  timer_.cancel();
  const auto find = [this](const std::string& name) { return &desk_.worker(name); };
  for (const auto& each : power::switch_all(safe_intents(spec_), find, deadline())) {
    if (each.result.failure() != nullptr) {
      unsafe.push_back(each.result.failure()->what);
    } else {
      journal_.settled(each.intent.key);
    }
  }
  return unsafe;
}

}  // namespace rig::board
