#include "cli/real_board.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/rig_error.h"
#include "cli/drivers.h"
#include "cli/paths.h"
#include "power/clock.h"
#include "power/safety.h"

namespace rig::cli {

namespace {

// One board named qemu is on every bench, also where there is no bench at all.
bool without_bench(const Invocation& invocation, const std::string& name) {
  return name == "qemu" && invocation.bench.empty() && std::getenv("OTARIG_BENCH") == nullptr;
}

}  // namespace

RealBoard open_board(const Invocation& invocation, const std::string& name,
                     const std::string& log_file) {
  RealBoard real;
  if (without_bench(invocation, name)) {
    real.board = scenario::qemu_board(name);
  } else {
    real.bench = scenario::load_bench(find_bench(invocation.bench));
    real.board = scenario::board_named(real.bench, name);
  }
  const auto folder = state_folder() / "power";
  std::filesystem::create_directories(folder);
  real.parts.journal = folder / (real.board.name + ".journal");
  if (real.board.kind == scenario::BoardKind::qemu) return real;
  real.parts.switches = openers_of(real.bench);
  real.parts.open_console = console_of(real.board, log_file);
  return real;
}

std::string bench_name(const RealBoard& real) {
  return real.bench.name.empty() ? "qemu" : real.bench.name;
}

bool bring_to_safety(const RealBoard& real) {
  power::IntentJournal journal(real.parts.journal);
  const auto left = journal.unsettled();
  if (left.empty() && journal.damaged_lines() == 0) return false;
  if (real.board.kind == scenario::BoardKind::qemu) {
    // The emulator ended with the otarig that had started it (io/child.h).
    for (const auto& intent : left) journal.settled(intent.key);
    return true;
  }
  if (left.empty()) journal.intend(board::safe_intents(real.board.power));
  std::map<std::string, std::unique_ptr<power::Worker>> workers;
  const auto find = [&](const std::string& name) -> power::Worker* {
    const auto opener = real.parts.switches.find(name);
    if (opener == real.parts.switches.end()) return nullptr;
    auto& worker = workers[name];
    if (!worker) worker = std::make_unique<power::Worker>(name, opener->second);
    return worker.get();
  };
  for (const auto& each :
       power::make_safe(journal, find, power::now() + real.board.power.answer_within)) {
    if (each.result.failure() == nullptr) continue;
    throw base::RigError(std::make_error_code(std::errc::io_error),
                         "bring board " + real.board.name + " to safety",
                         each.result.failure()->what);
  }
  return true;
}

void recover_from_crash(const RealBoard& real) {
  if (!bring_to_safety(real)) return;
  fmt::print(stderr, "otarig: an earlier run left board '{}' as it was; it was brought to safety\n",
             real.board.name);
}

}  // namespace rig::cli
