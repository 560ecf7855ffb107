#include "board/sim_bench.h"

#include <fmt/format.h>

#include "base/random.h"
#include "base/rig_error.h"
#include "record/cut_plan_words.h"
#include "scenario/plan.h"
#include "simulator/flash_marks.h"

namespace rig::board {
namespace {

scenario::Scenario for_sim(scenario::Scenario scenario) {
  if (scenario.board.kind == "sim") return scenario;
  throw base::UsageError(
      fmt::format("{} is for a real board: run it with otarig run --bench FILE --board NAME",
                  scenario.file.string()));
}

std::optional<simulator::Supervisor> supervisor_of(const scenario::Scenario& scenario) {
  if (!scenario.watchdog) return std::nullopt;
  return simulator::Supervisor{.period = scenario.watchdog->period,
                               .domains = scenario.watchdog->domains,
                               .off_time = scenario.watchdog->off_for};
}

}  // namespace

SimBench::SimBench(scenario::Scenario scenario, const scenario::Library& library)
    : scenario_(for_sim(std::move(scenario))), product_(load_product(scenario_, library)) {
  if (const auto* sweep = std::get_if<scenario::Sweep>(&scenario_.cut)) {
    for (const record::TornKind kind : sweep->torn) require_possible(kind);
  }
}

// What a loss of power cannot leave behind must not be tried, nor left out unsaid.
void SimBench::require_possible(record::TornKind kind) const {
  const simulator::FlashGeometry& flash = product_.mcu().flash;
  if (simulator::is_possible(kind, false, flash) || simulator::is_possible(kind, true, flash)) {
    return;
  }
  throw base::UsageError(fmt::format(
      "{}: the flash of the {} cannot leave '{}' behind; choose another torn model, or say in the "
      "MCU's file what the flash has: 'ecc', 'buffered'",
      scenario_.file.string(), product_.mcu().name, record::name_of(kind)));
}

SimCycle SimBench::cycle(const std::optional<record::CutPlan>& cut, std::uint64_t seed) const {
  if (cut) {
    require_possible(cut->torn.kind);
    for (const record::NextCut& next : cut->then) require_possible(next.torn.kind);
  }
  const simulator::BoardSettings settings{.hold_up = scenario_.board.hold_up,
                                          .vbat = scenario_.board.vbat,
                                          .seed = base::derived_seed(seed, "board"),
                                          .supervisor = supervisor_of(scenario_),
                                          .mcu = &product_.mcu()};
  SimCycle cycle(
      simulator::World(settings, product_.flash, surroundings_of(scenario_, product_, seed)),
      scenario::Runner(scenario::plan_of(scenario_, cut, seed), product_.profile));
  cycle.name_code(product_.code);
  if (scenario_.update.http) cycle.models_tcp();
  if (cut) locate(*cut, cycle);
  return cycle;
}

void SimBench::locate(const record::CutPlan& cut, SimCycle& cycle) const {
  if (const auto* symbol = std::get_if<record::SymbolTrigger>(&cut.trigger)) {
    cycle.locate_code(function_at(product_, symbol->symbol));
  } else if (std::holds_alternative<record::WatchTrigger>(cut.trigger)) {
    throw base::UsageError(
        "the simulated board stops at functions and flash operations, not at accesses to data; cut "
        "with symbol=MODULE/FUNCTION.N or flash-op=N, or run it with --board qemu");
  }
}

record::PlanId SimBench::plan_id(const std::optional<record::CutPlan>& cut,
                                 std::uint64_t seed) const {
  return plan_id_of(scenario_, product_, cut, seed);
}

}  // namespace rig::board
