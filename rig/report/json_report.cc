#include "report/json_report.h"

#include <nlohmann/json.hpp>

#include "report/html_link.h"
#include "report/sentence.h"

namespace rig::report {
namespace {

using nlohmann::json;
using record::Verdict;
using record::VerdictClass;

constexpr int kFormat = 1;

json counts_json(const store::VerdictCounts& counts) {
  json out = json::object();
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (counts.of(verdict) != 0) out[std::string(record::name_of(verdict))] = counts.of(verdict);
  }
  return out;
}

json findings_json(const record::Judgement& judgement) {
  json out = json::array();
  for (const record::Finding& finding : judgement.findings) {
    out.push_back({{"verdict", record::name_of(finding.verdict)},
                   {"holds", finding.holds},
                   {"at_us", base::to_microseconds(finding.at)},
                   {"text", finding.text}});
  }
  return out;
}

bool is_counterexample(const store::Cycle& cycle) {
  if (!cycle.outcome || cycle.intent.kind != store::CycleKind::cut) return false;
  const auto each = record::class_of(cycle.outcome->judgement.verdict);
  return each == VerdictClass::degraded || each == VerdictClass::lost;
}

json counterexamples_json(const CampaignReport& campaign) {
  json out = json::array();
  for (const store::Cycle& cycle : campaign.cycles) {
    if (!is_counterexample(cycle)) continue;
    const record::Judgement& judgement = cycle.outcome->judgement;
    out.push_back({{"cycle", cycle.id.value},
                   {"plan", cycle.intent.plan},
                   {"phase", judgement.phase},
                   {"verdict", record::name_of(judgement.verdict)},
                   {"op", cycle.outcome->cut.op},
                   {"findings", findings_json(judgement)}});
  }
  return out;
}

// The control run passes, fails, or was not made.
json control_json(const store::CampaignSummary& summary) {
  for (std::size_t i = store::kVerdictCount; i-- > 0;) {
    const auto verdict = static_cast<Verdict>(i);
    if (summary.controls.of(verdict) != 0) return record::name_of(verdict);
  }
  return nullptr;
}

json phases_json(const store::CampaignSummary& summary) {
  json out = json::array();
  for (const store::PhaseCounts& phase : summary.phases) {
    out.push_back({{"phase", phase.phase}, {"verdicts", counts_json(phase.counts)}});
  }
  return out;
}

json identity_json(const store::Campaign& campaign) {
  json out = {{"campaign", campaign.id.value},
              {"scenario", campaign.scenario},
              {"title", campaign.title},
              {"labels", campaign.labels},
              {"board", campaign.board},
              {"board_name", campaign.board_name},
              {"role", store::name_of(campaign.role)},
              {"firmware", campaign.firmware},
              {"firmware_hash", campaign.firmware_hash},
              {"images", campaign.image_hashes},
              {"otarig", campaign.otarig_version},
              {"seed", std::to_string(campaign.seed)},
              {"state", store::name_of(campaign.state)},
              {"started", utc_text(campaign.started_unix_us)},
              {"batch", campaign.batch}};
  out["ended"] = campaign.ended_unix_us ? json(utc_text(*campaign.ended_unix_us)) : json();
  return out;
}

}  // namespace

json summary_json(const CampaignReport& campaign) {
  const store::CampaignSummary& summary = campaign.summary;
  json out = identity_json(summary.campaign);
  out["sentence"] = sentence_for(summary);
  out["points"] = summary.campaign.points_planned;
  out["flash_ops"] = summary.campaign.flash_ops_total;
  out["runs"] = summary.cuts.total() + summary.runs.total();
  out["seconds"] = base::to_seconds(summary.host);
  out["control"] = control_json(summary);
  out["verdicts"] = counts_json(summary.runs.total() != 0 ? summary.runs : summary.cuts);
  out["phases"] = phases_json(summary);
  out["torn"] = summary.torn;
  out["open_cycles"] = summary.open_cycles;
  json listed = counterexamples_json(campaign);
  out["counterexamples_left_out"] = summary.cuts.failures() - listed.size();
  out["counterexamples"] = std::move(listed);
  if (!campaign.links.empty()) out["links"] = links_json(campaign.links);
  if (campaign.explored) {
    out["coverage"] = json::parse(campaign.explored->coverage, nullptr, false);
  }
  return out;
}

std::string dumped(const json& value, int indent) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

std::string report_json(const ReportInput& input) {
  json out = {{"format", kFormat},
              {"otarig", input.otarig_version},
              {"generated", utc_text(input.generated_unix_us)},
              {"campaigns", json::array()}};
  for (const CampaignReport& campaign : input.campaigns) {
    out["campaigns"].push_back(summary_json(campaign));
  }
  return dumped(out, 2) + "\n";
}

}  // namespace rig::report
