#include "explore/sim_rests.h"

#include <algorithm>

#include "base/rig_error.h"
#include "record/facts.h"
#include "scenario/plan.h"

namespace rig::explore {
namespace {

using record::EventKind;
using record::Lane;

// The copy of a module takes seconds; so most of its cuts are of one step.
constexpr base::Duration kGrid = std::chrono::seconds(10);

const scenario::Sweep& sweep_of(const scenario::Scenario& scenario) {
  const auto* sweep = std::get_if<scenario::Sweep>(&scenario.cut);
  if (sweep == nullptr || sweep->off_for < scenario.board.hold_up) {
    throw base::UsageError(scenario.file.string() +
                           ": exploring needs a sweep whose off_for is longer than the board's "
                           "hold_up: RAM that survives a cut is not told apart");
  }
  return *sweep;
}

record::Contract contract_of(const scenario::Scenario& scenario) {
  static_cast<void>(sweep_of(scenario));
  return scenario::contract_of(scenario, cut_at(scenario, 1, {}));
}

// What a runner does not look at.
bool is_silent(const record::Event& event) {
  return event.lane == Lane::flash || event.kind == EventKind::pin;
}

// The modem judges how long its pins were low.
bool moves_modem_pin(const record::Event& event) {
  using simulator::name_of;
  using simulator::Pin;
  return event.kind == EventKind::pin &&
         (event.text == name_of(Pin::modem_power) || event.text == name_of(Pin::modem_reset));
}

// What is around the board and the runner have been through, up to the return of power.
std::string surroundings_of(const SimRests::Cut& cut) {
  const record::Timeline& timeline = cut.cycle.timeline();
  const auto landed = timeline.begin() + static_cast<std::ptrdiff_t>(cut.from);
  const auto told =
      (landed - timeline.begin()) - std::count_if(timeline.begin(), landed, is_silent);
  const base::Instant back = cut.cycle.runner().wake_time().value_or(base::Instant::max());
  std::string key = "|" + std::to_string(cut.cycle.world().around().touches()) + "|" +
                    std::to_string(told) + "|" + std::to_string(back.time_since_epoch().count());
  for (auto event = landed; event != timeline.end(); ++event) {
    if (is_silent(*event) || event->kind == EventKind::cut_landed) continue;
    key += "|" + event->text;
  }
  return key;
}

bool is_like_no_other(const SimRests::Cut& cut) {
  const record::Timeline& timeline = cut.cycle.timeline();
  return !cut.quiet || std::any_of(timeline.begin() + static_cast<std::ptrdiff_t>(cut.from),
                                   timeline.end(), moves_modem_pin);
}

}  // namespace

record::CutPlan cut_at(const scenario::Scenario& scenario, std::uint64_t operation,
                       record::TornModel torn) {
  const auto& sweep = std::get<scenario::Sweep>(scenario.cut);
  record::CutPlan cut;
  if (scenario.board.flash.empty()) cut.grid = kGrid;
  cut.trigger = record::FlashOpTrigger{operation, record::OpMoment::during};
  cut.domains = sweep.domains;
  cut.off_for = sweep.off_for;
  cut.torn = torn;
  return cut;
}

SimRests::SimRests(const scenario::Scenario& scenario)
    : contract_(contract_of(scenario)),
      keeps_backup_(scenario.board.vbat),
      alone_(!scenario.board.flash.empty()) {}

std::string SimRests::key_of(const board::SimCycle& cycle) const {
  std::string key = record::history_of(contract_, cycle.timeline());
  if (!keeps_backup_) return key;
  const simulator::BackupDomain& backup = cycle.world().mcu().backup();
  for (unsigned i = 0; i < simulator::BackupDomain::kRegisters; ++i) {
    key += "|" + std::to_string(backup.read(i));
  }
  return key;
}

SimRests::Numbered SimRests::number_of(const Cut& cut) {
  if (alone_ && !cut.cycle.world().board_alone()) {
    throw base::UsageError("explore a staged update: its board has a modem or a server after all");
  }
  std::string key = key_of(cut.cycle);
  if (!alone_) key += surroundings_of(cut);
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<RestNumber>(cycles_.size());
  const bool like_no_other = !alone_ && is_like_no_other(cut);
  if (like_no_other) key += "|only " + std::to_string(next);
  const auto [entry, fresh] = numbers_.try_emplace(key, next);
  if (fresh) cycles_.emplace_back(cut.cycle).shed_memory();
  return {entry->second, like_no_other};
}

board::SimCycle SimRests::cycle(RestNumber rest) const {
  const std::lock_guard lock(mutex_);
  return cycles_.at(rest);
}

std::size_t SimRests::size() const {
  const std::lock_guard lock(mutex_);
  return cycles_.size();
}

}  // namespace rig::explore
