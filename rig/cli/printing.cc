#include "cli/printing.h"

#include <fmt/format.h>

namespace rig::cli {
namespace {

using nlohmann::json;

json findings_of(const record::Judgement& judgement) {
  json findings = json::array();
  for (const record::Finding& finding : judgement.findings) {
    findings.push_back({{"verdict", record::name_of(finding.verdict)},
                        {"holds", finding.holds},
                        {"at_us", base::to_microseconds(finding.at)},
                        {"text", finding.text}});
  }
  return findings;
}

json verdicts_of(const store::VerdictCounts& counts) {
  json verdicts = json::object();
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<record::Verdict>(i);
    if (const auto count = counts.of(verdict); count > 0) {
      verdicts[std::string(record::name_of(verdict))] = count;
    }
  }
  return verdicts;
}

json counterexample_of(const store::Cycle& cycle) {
  return {{"plan", cycle.intent.plan},
          {"phase", cycle.outcome->judgement.phase},
          {"verdict", record::name_of(cycle.outcome->judgement.verdict)},
          {"findings", findings_of(cycle.outcome->judgement)}};
}

}  // namespace

std::string to_text(const record::Judgement& judgement) {
  std::string text = fmt::format("verdict: {}", record::name_of(judgement.verdict));
  if (judgement.phase != "none") text += fmt::format(" (cut in phase {})", judgement.phase);
  text += '\n';
  for (const record::Finding& finding : judgement.findings) {
    text += fmt::format("  {:>12.6f} {}{}: {}\n", base::to_seconds(finding.at.time_since_epoch()),
                        finding.holds ? "" : "remark: ", record::name_of(finding.verdict),
                        finding.text);
  }
  return text;
}

std::string to_text(const record::Timeline& timeline) {
  std::string text;
  for (const record::Event& event : timeline) text += record::to_line(event) + '\n';
  return text;
}

json to_json(const record::Judgement& judgement) {
  return {{"verdict", record::name_of(judgement.verdict)},
          {"phase", judgement.phase},
          {"findings", findings_of(judgement)}};
}

json to_json(const store::Cycle& cycle) {
  json object = {{"cycle", cycle.id.value},
                 {"campaign", cycle.campaign.value},
                 {"index", cycle.intent.index},
                 {"kind", store::name_of(cycle.intent.kind)},
                 {"plan", cycle.intent.plan}};
  if (!cycle.outcome) return object;
  object.update(to_json(cycle.outcome->judgement));
  object["flash_op"] = cycle.outcome->cut.op;
  object["flash_address"] = cycle.outcome->cut.address;
  return object;
}

json to_json(const store::CampaignSummary& summary, const std::vector<store::Cycle>& cycles) {
  json counterexamples = json::array();
  json control = nullptr;
  for (const store::Cycle& cycle : cycles) {
    if (!cycle.outcome) continue;
    const record::Verdict verdict = cycle.outcome->judgement.verdict;
    if (cycle.intent.kind == store::CycleKind::control) control = record::name_of(verdict);
    const auto verdict_class = record::class_of(verdict);
    if (cycle.intent.kind == store::CycleKind::cut &&
        (verdict_class == record::VerdictClass::degraded ||
         verdict_class == record::VerdictClass::lost)) {
      counterexamples.push_back(counterexample_of(cycle));
    }
  }
  return {{"campaign", summary.campaign.id.value},
          {"scenario", summary.campaign.scenario},
          {"board", summary.campaign.board},
          {"firmware", summary.campaign.firmware},
          {"firmware_hash", summary.campaign.firmware_hash},
          {"seed", summary.campaign.seed},
          {"state", store::name_of(summary.campaign.state)},
          {"points", summary.campaign.points_planned},
          {"flash_ops", summary.campaign.flash_ops_total},
          {"runs", summary.cuts.total()},
          {"control", control},
          {"verdicts", verdicts_of(summary.cuts)},
          {"counterexamples", counterexamples}};
}

void print_judgement(const std::string& plan, const record::Judgement& judgement,
                     const json& link) {
  json object = to_json(judgement);
  object["plan"] = plan;
  if (!link.is_null()) object["link"] = link;
  fmt::print("{}\n", object.dump(2));
}

}  // namespace rig::cli
