#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/link_control.h"
#include "cli/printing.h"
#include "cli/real_run.h"
#include "cli/running.h"
#include "cli/workspace.h"
#include "tcp/accuracy.h"

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

// --board wins over the scenario: the same file runs on the simulated and on a real board.
bool is_real(const std::string& board, const Workspace& workspace) {
  return board.empty() ? workspace.scenario.board.kind == "serial" : board != "sim";
}

}  // namespace

void RunCommand::run(Invocation& invocation) const {
  const Workspace workspace = open_scenario(invocation, scenario_);
  if (is_real(board_, workspace)) {
    return run_on_board(invocation, workspace, board_,
                        {.cut = cut_for(cut_, workspace.scenario),
                         .seed = seed_.value_or(workspace.scenario.seed),
                         .quiet = quiet_,
                         .pcap = pcap_});
  }
  const board::SimBench bench(workspace.scenario, workspace.library);
  const std::uint64_t seed = seed_.value_or(bench.scenario().seed);
  const auto cut = cut_for(cut_, bench.scenario());
  store::Store store(invocation.database_path());
  const auto [campaign, plan, single] =
      run_cycle(store, bench, {.cut = cut, .seed = seed, .batch = "", .pcap = pcap_});
  invocation.exit_code = record::exit_code_of(single.outcome.judgement.verdict);
  if (invocation.json) {
    return print_judgement(plan, single.outcome.judgement,
                           json_of({.engine = "virtual time",
                                    .profile = bench.scenario().link.name,
                                    .running = single.timeline.back().at - base::kCycleStart,
                                    .meter = single.link}));
  }
  if (!quiet_) fmt::print("{}", to_text(single.timeline));
  fmt::print("link:    {}\n", link::to_text(single.link));
  if (bench.scenario().update.http) {
    fmt::print("tcp:     {}\n", tcp::kAccuracy);
  }
  fmt::print("{}replay:  otarig replay '{}'\n", to_text(single.outcome.judgement), plan);
}

}  // namespace rig::cli
