#include <fmt/format.h>

#include <charconv>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/packet_file.h"
#include "cli/printing.h"
#include "cli/real_run.h"
#include "cli/workspace.h"
#include "scenario/fixtures.h"

namespace rig::cli {
namespace {

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string plan_text(const Invocation& invocation, const std::string& what) {
  const auto cycle = number(what);
  if (!cycle) return what;
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  return store.cycle(store::CycleId{*cycle}).intent.plan;
}

record::PlanId parsed(const std::string& text) {
  if (auto plan = record::plan_id_from(text)) return *plan;
  throw base::UsageError(fmt::format(
      "'{}' is neither a cycle number nor a plan id; a plan id looks like "
      "'electron/0.7.0-third-party-both@3fa1b2c4d5e6:flash-op=18234.during:torn=prefix.1:"
      "cut=board+modem:off=2000ms:seed=7'",
      text));
}

// A cycle of this plan that the database already has, to compare with.
std::optional<store::Cycle> known_cycle(store::Store& store, const std::string& plan) {
  auto cycle = store.cycle_of_plan(plan, "sim");
  return cycle && cycle->outcome ? cycle : std::nullopt;
}

// True when there is nothing to compare with, or when it is the same.
bool compare(const Invocation& invocation, const std::string& plan,
             const record::Timeline& timeline) {
  if (!std::filesystem::exists(invocation.database_path())) return true;
  store::Store store(invocation.database_path());
  const auto known = known_cycle(store, plan);
  if (!known) return true;
  record::Timeline stored = store.timeline(known->id);
  drop_file_notes(stored);
  const bool same = stored == timeline;
  fmt::print(stderr, "replay: {} stored cycle {} ({} events)\n",
             same ? "identical to" : "DIFFERS from", known->id.value, timeline.size());
  return same;
}

}  // namespace

// The same cut in real time: nothing there repeats exactly, so nothing is compared.
void ReplayCommand::run_real(Invocation& invocation, const std::string& text) const {
  const record::PlanId plan = parsed(text);
  const Workspace workspace = open_scenario(invocation, plan.scenario);
  run_on_board(invocation, workspace, board_,
               {.cut = plan.cut, .seed = plan.seed, .quiet = quiet_, .firmware = plan.firmware});
}

void ReplayCommand::run(Invocation& invocation) const {
  const std::string text = plan_text(invocation, what_);
  if (!board_.empty() && board_ != "sim") return run_real(invocation, text);
  const record::PlanId plan = parsed(text);
  Workspace workspace = open_scenario(invocation, plan.scenario);
  if (!plan.link.empty()) {
    workspace.scenario.link = scenario::load_link(workspace.library, plan.link);
  }
  const board::SimBench bench(workspace.scenario, workspace.library);
  require_firmware(plan, bench);
  const explore::SingleCycle single = explore::run_single(bench, plan.cut, plan.seed);
  if (!out_.empty()) write_text(out_, to_text(single.timeline));
  const bool same = compare(invocation, text, single.timeline);
  if (invocation.json) {
    nlohmann::json object = to_json(single.outcome.judgement);
    object["plan"] = text;
    object["events"] = single.timeline.size();
    fmt::print("{}\n", object.dump(2));
  } else {
    if (!quiet_) fmt::print("{}", to_text(single.timeline));
    fmt::print("{}", to_text(single.outcome.judgement));
  }
  invocation.exit_code =
      same ? record::exit_code_of(single.outcome.judgement.verdict) : kExitNoTrial;
}

}  // namespace rig::cli
