#include "explore/sim_rests.h"

#include "base/rig_error.h"
#include "record/facts.h"
#include "scenario/plan.h"

namespace rig::explore {
namespace {

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
  return scenario::contract_of(scenario, cut_at(sweep_of(scenario), 1, {}));
}

}  // namespace

record::CutPlan cut_at(const scenario::Sweep& sweep, std::uint64_t operation,
                       record::TornModel torn) {
  record::CutPlan cut;
  cut.trigger = record::FlashOpTrigger{operation, record::OpMoment::during};
  cut.domains = sweep.domains;
  cut.off_for = sweep.off_for;
  cut.torn = torn;
  return cut;
}

SimRests::SimRests(const scenario::Scenario& scenario)
    : contract_(contract_of(scenario)), keeps_backup_(scenario.board.vbat) {}

std::string SimRests::key_of(const board::SimCycle& cycle) const {
  std::string key = record::history_of(contract_, cycle.timeline());
  if (!keeps_backup_) return key;
  const simulator::BackupDomain& backup = cycle.world().mcu().backup();
  for (unsigned i = 0; i < simulator::BackupDomain::kRegisters; ++i) {
    key += "|" + std::to_string(backup.read(i));
  }
  return key;
}

RestNumber SimRests::number_of(const board::SimCycle& cycle) {
  if (!cycle.world().board_alone()) {
    throw base::UsageError(
        "exploring prunes only what a board does by itself; this one has a modem or a server");
  }
  const std::string key = key_of(cycle);
  const std::lock_guard lock(mutex_);
  const auto next = static_cast<RestNumber>(cycles_.size());
  const auto [entry, fresh] = numbers_.try_emplace(key, next);
  if (fresh) cycles_.emplace_back(cycle).shed_memory();
  return entry->second;
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
