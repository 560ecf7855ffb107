#include <fmt/format.h>

#include <set>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/reporting.h"
#include "gate/decision.h"
#include "gate/gather.h"
#include "gate/selection.h"
#include "report/change_since.h"
#include "report/json_report.h"
#include "report/matrix.h"

namespace rig::cli {
namespace {

std::vector<store::CampaignId> wanted_campaigns(store::Store& store,
                                                const std::vector<std::int64_t>& numbers,
                                                const std::string& batch) {
  std::vector<store::CampaignId> ids;
  ids.reserve(numbers.size());
  for (const std::int64_t number : numbers) ids.push_back(store.campaign({number}).id);
  if (!batch.empty()) {
    const gate::Selection night{.batch = batch};
    for (const store::Campaign& each : gate::select(store, night)) ids.push_back(each.id);
  }
  std::set<store::CampaignId> known;
  std::erase_if(ids, [&](store::CampaignId id) { return !known.insert(id).second; });
  if (ids.empty()) throw base::UsageError("report: name a campaign number or --batch NAME");
  return ids;
}

report::GateAnswer gate_answer(store::Store& store, const std::string& policy_file,
                               const std::string& batch) {
  const gate::Policy policy = gate::read_policy(policy_file);
  const gate::Selection selection{.batch = batch};
  const gate::Decision decision = gate::decide(policy, gate::gather(store, policy, selection));
  report::GateAnswer answer;
  using Outcome = report::GateAnswer::Outcome;
  answer.outcome = decision.answer == gate::Answer::accept   ? Outcome::accepted
                   : decision.answer == gate::Answer::reject ? Outcome::rejected
                                                             : Outcome::undecided;
  answer.headline = fmt::format("{}: {}", decision.policy, gate::name_of(decision.answer));
  for (const std::string& part : {decision.emulated, decision.boards}) {
    if (!part.empty()) answer.lines.push_back(part);
  }
  for (const gate::Clause& clause : decision.clauses) {
    answer.lines.push_back(
        fmt::format("{}: {}: {}", gate::name_of(clause.answer), clause.name, clause.text));
  }
  if (decision.cycles_needed != 0) {
    answer.lines.push_back(
        fmt::format("still needed: {} cycles, if none of them fails", decision.cycles_needed));
  }
  answer.lines.insert(answer.lines.end(), decision.remarks.begin(), decision.remarks.end());
  return answer;
}

}  // namespace

// The gate decides on the same night: its own campaigns, and no older ones.
void ReportCommand::add_night(store::Store& store, report::ReportInput& input) const {
  input.wear = contact_wear(state_folder() / "power");
  if (!policy_.empty()) {
    if (batch_.empty()) throw base::UsageError("report: --policy judges a night: name its --batch");
    input.gate = gate_answer(store, policy_, batch_);
  }
  if (against_ == "none") return;
  std::optional<std::string> earlier;
  if (!against_.empty()) {
    // Says which there are, if not this.
    static_cast<void>(gate::select(store, gate::Selection{.batch = against_}));
    earlier = against_;
  } else if (!batch_.empty()) {
    earlier = report::earlier_batch(store, input);
  }
  if (earlier) input.change = report::change_since(store, input, *earlier);
}

void ReportCommand::run(Invocation& invocation) const {
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const auto ids = wanted_campaigns(store, campaigns_, batch_);
  report::ReportInput input =
      load_report(store, ids, batch_.empty() ? "otarig report" : "otarig report: " + batch_);
  add_night(store, input);
  write_reports(store, input, {.html = html_, .junit = junit_, .json = json_, .csv = csv_});
  if (invocation.json) {
    fmt::print("{}\n", report::report_json(input));
    return;
  }
  const auto rows = report::rows_of(input);
  fmt::print("{}\n{}", report::matrix_text(rows), report::sentences_text(rows));
  for (const std::string& file : {html_, junit_, json_, csv_}) {
    if (!file.empty()) fmt::print("wrote {}\n", file);
  }
}

}  // namespace rig::cli
