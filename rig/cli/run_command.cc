#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/printing.h"
#include "cli/real_run.h"
#include "cli/running.h"
#include "cli/workspace.h"
#include "link/pcapng.h"

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

// The rig's own packets: a real board's link has them only where the rig is its modem, and then the
// timeline tells.
void refuse_packets(const std::string& file) {
  if (file.empty()) return;
  throw base::UsageError("--pcap " + file +
                         ": packets are kept for the simulated board only; leave --pcap out, or "
                         "run with --board sim");
}

void write_packets(const std::string& file, const explore::SingleCycle& cycle,
                   const std::string& plan) {
  const std::string comment =
      fmt::format("otarig {} verdict={}", plan, record::name_of(cycle.outcome.judgement.verdict));
  const base::Bytes bytes = link::pcapng_of(*cycle.packets, comment);
  write_text(file, std::string(base::as_text(bytes)));
}

}  // namespace

void RunCommand::run(Invocation& invocation) const {
  const Workspace workspace = open_scenario(invocation, scenario_);
  if (is_real(board_, workspace)) {
    refuse_packets(pcap_);
    return run_on_board(invocation, workspace, board_,
                        {.cut = cut_for(cut_, workspace.scenario),
                         .seed = seed_.value_or(workspace.scenario.seed),
                         .quiet = quiet_});
  }
  const board::SimBench bench(workspace.scenario, workspace.library);
  const std::uint64_t seed = seed_.value_or(bench.scenario().seed);
  const auto cut = cut_for(cut_, bench.scenario());
  store::Store store(invocation.database_path());
  const auto [campaign, plan, single] = run_cycle(
      store, bench, {.cut = cut, .seed = seed, .batch = "", .keep_packets = !pcap_.empty()});
  if (!pcap_.empty()) write_packets(pcap_, single, plan);
  invocation.exit_code = record::exit_code_of(single.outcome.judgement.verdict);
  if (invocation.json) return print_judgement(plan, single.outcome.judgement);
  if (!quiet_) fmt::print("{}", to_text(single.timeline));
  fmt::print("link:    {}\n", link::to_text(single.link));
  fmt::print("{}replay:  otarig replay '{}'\n", to_text(single.outcome.judgement), plan);
}

}  // namespace rig::cli
