#include "scenario/serial_rules.h"

#include <fmt/core.h>

namespace rig::scenario {
namespace {

// A cycle has one cut; only a soak chooses it from a sweep, and on a real board only in time.
std::optional<Obstacle> why_not_sweep(const Scenario& scenario,
                                      const std::optional<record::CutPlan>& cut) {
  if (cut || !std::holds_alternative<Sweep>(scenario.cut)) return std::nullopt;
  return Obstacle{"cut",
                  "a sweep runs on board kind sim; name one cut, as in {at: phase, phase: "
                  "applying}, or with --cut; {sweep: time} is for otarig soak"};
}

// No board outside the simulation can do these.
std::optional<Obstacle> why_not_real(const Scenario& scenario,
                                     const std::optional<record::CutPlan>& cut) {
  if (scenario.watchdog) {
    return Obstacle{"watchdog", "the supervisor is simulated; on a real board it is a real one"};
  }
  if (cut && std::holds_alternative<record::FlashOpTrigger>(cut->trigger)) {
    return Obstacle{"cut",
                    "a relay cannot hit a flash operation (only board kind sim can); cut a serial "
                    "board by phase, console or time"};
  }
  if (cut && cut->torn != record::TornModel{}) {
    return Obstacle{"cut",
                    fmt::format("the torn model '{}' is chosen in a simulation; on a real board "
                                "the silicon decides, leave 'torn' out",
                                record::to_text(cut->torn))};
  }
  return std::nullopt;
}

bool is_code_trigger(const record::Trigger& trigger) {
  return std::holds_alternative<record::SymbolTrigger>(trigger) ||
         std::holds_alternative<record::WatchTrigger>(trigger);
}

// Where the rig is not the modem, nothing but the product starts its update.
std::optional<Obstacle> why_not_by_itself(const Scenario& scenario) {
  if (scenario.update.trigger || scenario.update.offer) return std::nullopt;
  return Obstacle{"update",
                  "a serial board needs the product's own way to update; write update: "
                  "{.., trigger: {command: [program, argument, ..]}}"};
}

// And the update passes through the rig only where the bench says how.
std::optional<Obstacle> why_not_past_us(const BenchBoard& board, const Scenario& scenario,
                                        const std::optional<record::CutPlan>& cut) {
  const bool shaped = board.link.has_value();
  if (!shaped && scenario.link != link::Profile{}) {
    return Obstacle{"link",
                    fmt::format("link profile '{}': this bench does not say how the path of board "
                                "'{}' is shaped; declare its link: {{engine: packets, board_side: "
                                "eth1, server_side: eth2}}, or leave 'link' out",
                                scenario.link.name, board.name)};
  }
  if (scenario.relay) {
    return Obstacle{"relay",
                    "the relay is the rig's own only where the rig is the modem; let otarig link "
                    "relay run on the path of this board, and leave 'relay' out"};
  }
  const bool counted = shaped && board.link->engine != LinkEngine::netem;
  if (!counted && cut && std::holds_alternative<record::BytesTrigger>(cut->trigger)) {
    return Obstacle{"cut",
                    "the bytes of this update do not pass through the rig; cut a serial board by "
                    "phase, console or time, or declare its link with engine packets or relay"};
  }
  return std::nullopt;
}

std::optional<Obstacle> why_not_modem_cut(const BenchBoard& board, const record::CutPlan& cut) {
  if (!cut.domains.modem) return std::nullopt;
  if (board.power.modem.empty()) {
    return Obstacle{"cut", fmt::format("board '{}' has no power domain 'modem' on this bench; "
                                       "write domains: [board]",
                                       board.name)};
  }
  if (!cut.domains.board && !board.power.modem_sense) {
    return Obstacle{"cut", fmt::format("nothing would prove that the modem alone lost its power: "
                                       "declare sense: {{modem: ..}} for board '{}', or cut "
                                       "[board, modem]",
                                       board.name)};
  }
  return std::nullopt;
}

// A probe that has nothing to plant needs a program that does.
std::optional<Obstacle> why_not_planted(const BenchBoard& board, const Scenario& scenario) {
  if (!board.probe || board.probe->built_for == kPlantedPort || scenario.provision.program) {
    return std::nullopt;
  }
  return Obstacle{"provision",
                  fmt::format("board '{}' is built for {}, and only the flash of an {} is planted "
                              "through the probe; write provision: {{.., command: [program, ..]}}",
                              board.name, board.probe->built_for, kPlantedPort)};
}

std::optional<Obstacle> why_not_code(const BenchBoard& board, const Scenario& scenario) {
  if (board.kind != BoardKind::qemu && !board.probe) {
    return Obstacle{"cut",
                    "only a debugger stops a board at a symbol; declare its 'probe' on the bench, "
                    "run it with --board qemu, or cut by phase, console or time"};
  }
  if (!scenario.board.firmware.empty()) return std::nullopt;
  return Obstacle{"board",
                  "a symbol belongs to a firmware; write board: {.., firmware: electron-0.7.0}"};
}

}  // namespace

std::optional<Obstacle> why_not_serial(const Scenario& scenario,
                                       const std::optional<record::CutPlan>& cut) {
  const auto* sweep = std::get_if<Sweep>(&scenario.cut);
  if (sweep == nullptr || sweep->over != SweepOver::time) {
    if (auto obstacle = why_not_sweep(scenario, cut)) return obstacle;
  }
  if (auto obstacle = why_not_real(scenario, cut)) return obstacle;
  // With images for the rig's own server the board may have the rig for its modem.
  return scenario.board.firmware.empty() ? why_not_by_itself(scenario) : std::nullopt;
}

std::optional<Obstacle> why_not_on(const BenchBoard& board, const Scenario& scenario,
                                   const std::optional<record::CutPlan>& cut) {
  if (auto obstacle = why_not_sweep(scenario, cut)) return obstacle;
  return why_not_one_on(board, scenario, cut);
}

std::optional<Obstacle> why_not_one_on(const BenchBoard& board, const Scenario& scenario,
                                       const std::optional<record::CutPlan>& cut) {
  if (auto obstacle = why_not_real(scenario, cut)) return obstacle;
  if (cut && is_code_trigger(cut->trigger)) {
    if (auto obstacle = why_not_code(board, scenario)) return obstacle;
  }
  if (auto obstacle = why_not_planted(board, scenario)) return obstacle;
  if (!rig_is_modem(board)) {
    if (auto obstacle = why_not_by_itself(scenario)) return obstacle;
    if (auto obstacle = why_not_past_us(board, scenario, cut)) return obstacle;
    return cut ? why_not_modem_cut(board, *cut) : std::nullopt;
  }
  if (!scenario.board.firmware.empty()) return std::nullopt;
  return Obstacle{"board",
                  "the rig's update server needs images to serve; write board: {.., firmware: "
                  "electron-0.7.0}"};
}

}  // namespace rig::scenario
