#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/printing.h"
#include "cli/real_run.h"
#include "cli/running.h"
#include "cli/workspace.h"

namespace rig::cli {
namespace {

// --cut wins over the scenario; a scenario that asks for a sweep runs without a cut.
std::optional<record::CutPlan> cut_for(const std::string& given,
                                       const scenario::Scenario& scenario) {
  if (given.empty()) {
    const auto* planned = std::get_if<record::CutPlan>(&scenario.cut);
    return planned != nullptr ? std::optional(*planned) : std::nullopt;
  }
  if (given == "none") return std::nullopt;
  if (auto plan = record::cut_plan_from(given)) return plan;
  throw base::UsageError(fmt::format(
      "--cut '{}': not a cut; write for example 'flash-op=18234.during:torn=prefix.1:cut=board', "
      "'phase=applying:cut=board+modem:off=2s', 'time=30s:cut=board', or 'none'",
      given));
}

void print_json(const std::string& plan, const record::Judgement& judgement) {
  nlohmann::json object = to_json(judgement);
  object["plan"] = plan;
  fmt::print("{}\n", object.dump(2));
}

// --board wins over the scenario: the same file runs on the simulated and on a real board.
bool is_real(const std::string& board, const Workspace& workspace) {
  return board.empty() ? workspace.scenario.board.kind == "serial" : board != "sim";
}

void print_live(const record::Event& event) {
  fmt::print("{}\n", record::to_line(event));
  std::fflush(stdout);
}

}  // namespace

void RunCommand::run_real(Invocation& invocation, const Workspace& workspace) const {
  const RealBoard real = open_board(invocation, board_);
  const auto cut = cut_for(cut_, workspace.scenario);
  check_real(workspace.scenario, real, cut);
  recover_from_crash(real);
  store::Store store(invocation.database_path());
  const bool live = !quiet_ && !invocation.json;
  const RealRun run =
      run_real_cycle(store, workspace, real,
                     {.cut = cut,
                      .seed = seed_.value_or(workspace.scenario.seed),
                      .watcher = live ? print_live : board::RealCycle::Watcher{}});
  invocation.exit_code =
      run.interrupted ? kExitInterrupted : record::exit_code_of(run.judgement.verdict);
  if (run.interrupted) return fmt::print(stderr, "otarig: interrupted; nothing was judged\n");
  if (invocation.json) return print_json(run.plan, run.judgement);
  fmt::print("{}plan:    {}\n", to_text(run.judgement), run.plan);
}

void RunCommand::run(Invocation& invocation) const {
  const Workspace workspace = open_scenario(invocation, scenario_);
  if (is_real(board_, workspace)) return run_real(invocation, workspace);
  const board::SimBench bench(workspace.scenario, workspace.library);
  const std::uint64_t seed = seed_.value_or(bench.scenario().seed);
  const auto cut = cut_for(cut_, bench.scenario());
  store::Store store(invocation.database_path());
  const auto [campaign, plan, single] =
      run_cycle(store, bench, {.cut = cut, .seed = seed, .batch = ""});
  invocation.exit_code = record::exit_code_of(single.outcome.judgement.verdict);
  if (invocation.json) return print_json(plan, single.outcome.judgement);
  if (!quiet_) fmt::print("{}", to_text(single.timeline));
  fmt::print("{}replay:  otarig replay '{}'\n", to_text(single.outcome.judgement), plan);
}

}  // namespace rig::cli
