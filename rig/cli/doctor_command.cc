#include <fmt/format.h>

#include <cstdlib>

#include "cli/commands.h"
#include "cli/doctor.h"
#include "cli/paths.h"

namespace rig::cli {
namespace {

void check_boards(const Invocation& invocation, const std::vector<std::string>& names,
                  bool may_switch, Checkup& checkup) {
  for (const std::string& name : names) {
    const RealBoard real = open_board(invocation, name);
    check_board(real, checkup);
    if (real.board.kind == scenario::BoardKind::qemu) continue;  // nothing of it is plugged in
    if (may_switch) {
      switch_board(real, checkup);
    } else {
      checkup.skipped(fmt::format("board {}: contacts, console, cut", name),
                      "that switches the board's power", "otarig doctor --switch");
    }
  }
}

SwitchesInUse switches_in_use(const Invocation& invocation, const scenario::Bench& bench) {
  SwitchesInUse in_use;
  for (const auto& [name, board] : bench.boards) note_use(open_board(invocation, name), in_use);
  return in_use;
}

}  // namespace

void DoctorCommand::run(Invocation& invocation) const {
  Checkup checkup(invocation.json);
  const bool has_bench = !invocation.bench.empty() || std::getenv("OTARIG_BENCH") != nullptr;
  std::optional<scenario::Bench> bench;  // what is wrong with the file is said before all else
  if (has_bench) bench = scenario::load_bench(find_bench(invocation.bench));
  std::vector<std::string> names;
  if (bench && !board_.empty()) {
    names.push_back(scenario::board_named(*bench, board_).name);
  } else if (bench) {
    for (const auto& [name, board] : bench->boards) names.push_back(name);
  }
  check_host(invocation, checkup);
  check_waking(checkup);
  check_left_links(fix_, checkup);
  if (bench) check_switches(*bench, switches_in_use(invocation, *bench), checkup);
  check_boards(invocation, names, switch_, checkup);
  if (!bench) {
    checkup.skipped("bench", "none was named", "otarig discover >bench.yaml; --bench bench.yaml");
  }
  checkup.finish();
  if (checkup.count(Check::State::broken) > 0) invocation.exit_code = kExitNoTrial;
}

}  // namespace rig::cli
