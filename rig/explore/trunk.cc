#include "explore/trunk.h"

#include <algorithm>

#include "base/assert.h"
#include "explore/cpu_clock.h"
#include "explore/judged.h"
#include "record/judge.h"
#include "record/vocabulary.h"
#include "simulator/engine.h"

namespace rig::explore {
namespace {

class OperationLog final : public simulator::FlashOpObserver {
 public:
  void at(const simulator::FlashOp& operation, const simulator::World& world) override {
    operations_.push_back({.index = operation.index,
                           .address = operation.address,
                           .bytes = operation.bytes,
                           .erase = operation.erase,
                           .phase = {},
                           .at = world.now()});
  }
  [[nodiscard]] std::vector<scenario::FlashOpInfo> take() { return std::move(operations_); }

 private:
  std::vector<scenario::FlashOpInfo> operations_;
};

// Copies the cycle whenever the next cut's operation is in flight.
class Brancher final : public simulator::FlashOpObserver {
 public:
  Brancher(const board::SimCycle& trunk, std::span<const PlannedCycle> cycles, const Branch& branch)
      : trunk_(trunk), rest_(cycles), branch_(branch) {}

  void at(const simulator::FlashOp& operation, const simulator::World&) override {
    while (!rest_.empty() && operation_of(rest_.front().cut) == operation.index) {
      const PlannedCycle& next = rest_.front();
      if (!branch_(next, trunk_)) {
        rest_ = {};
        return;
      }
      rest_ = rest_.subspan(1);
    }
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  const board::SimCycle& trunk_;
  std::span<const PlannedCycle> rest_;
  const Branch& branch_;
};

void name_phases(std::vector<scenario::FlashOpInfo>& operations, const record::Timeline& timeline) {
  std::string phase(record::kIdlePhase);
  auto event = timeline.begin();
  for (scenario::FlashOpInfo& operation : operations) {
    for (; event != timeline.end() && event->at <= operation.at; ++event) {
      if (event->kind != record::EventKind::observed) continue;
      if (const auto entered = record::field(event->text, "phase")) phase = *entered;
    }
    operation.phase = phase;
  }
}

base::Instant end_of_update(const record::Timeline& timeline) {
  const auto reboot = std::find_if(timeline.begin(), timeline.end(), [](const auto& event) {
    return event.kind == record::EventKind::clean_reboot;
  });
  if (reboot != timeline.end()) return reboot->at;
  return timeline.empty() ? base::kCycleStart : timeline.back().at;
}

}  // namespace

std::uint64_t operation_of(const record::CutPlan& cut) {
  const auto* trigger = std::get_if<record::FlashOpTrigger>(&cut.trigger);
  RIG_ASSERT(trigger != nullptr);
  return trigger->op;
}

ControlRun run_control(const board::SimBench& bench, std::uint64_t seed) {
  const CpuClock clock;
  simulator::Engine engine;
  board::SimCycle cycle = bench.cycle(std::nullopt, seed);
  OperationLog log;
  cycle.observe_update(&log);
  cycle.run(engine);
  ControlRun control{.timeline = cycle.timeline(), .outcome = {}, .operations = log.take()};
  const record::Contract contract = scenario::contract_of(bench.scenario(), std::nullopt);
  control.outcome = outcome_of(cycle, record::judge_control(contract, control.timeline));
  control.outcome.host = clock.elapsed();
  std::erase_if(control.operations, [end = end_of_update(control.timeline)](const auto& operation) {
    return operation.at >= end;
  });
  name_phases(control.operations, control.timeline);
  return control;
}

record::Timeline trunk_timeline(const board::SimBench& bench, const record::CutPlan& last,
                                std::uint64_t seed) {
  simulator::Engine engine;
  board::SimCycle cycle = bench.cycle(last, seed);
  while (!cycle.finished() && !cycle.landed_cut().landed) cycle.step(engine);
  return cycle.timeline();
}

void grow_trunk(const board::SimBench& bench, std::uint64_t seed,
                std::span<const PlannedCycle> cycles, const Branch& branch) {
  if (cycles.empty()) return;
  simulator::Engine engine;
  board::SimCycle trunk = bench.cycle(cycles.back().cut, seed);
  Brancher brancher(trunk, cycles, branch);
  trunk.observe_update(&brancher);
  while (!trunk.finished() && !brancher.done()) trunk.step(engine);
}

}  // namespace rig::explore
