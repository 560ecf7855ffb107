#include "report/html_data.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/html_link.h"
#include "report/html_map.h"
#include "report/html_night.h"
#include "report/html_timeline.h"
#include "report/json_report.h"
#include "report/sentence.h"

namespace rig::report {
namespace {

using nlohmann::json;
using record::Verdict;
using store::Cycle;

json verdicts_json() {
  json out = json::array();
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    const auto verdict_class = record::class_of(verdict);
    out.push_back({{"name", record::name_of(verdict)},
                   {"class", name_of(verdict_class)},
                   {"mark", mark_of(verdict_class)},
                   {"meaning", meaning_of(verdict)}});
  }
  return out;
}

json findings_json(const record::Judgement& judgement) {
  json out = json::array();
  for (const record::Finding& finding : judgement.findings) {
    out.push_back({static_cast<int>(finding.verdict), finding.holds,
                   base::to_microseconds(finding.at), finding.text});
  }
  return out;
}

json failure_json(const Cycle& cycle, std::string_view plan) {
  const store::CycleOutcome& outcome = *cycle.outcome;
  const auto at = outcome.cut.at.value_or(base::Duration{});
  return {{"c", cycle.id.value},
          {"i", cycle.intent.index},
          {"v", static_cast<int>(outcome.judgement.verdict)},
          {"ph", outcome.judgement.phase},
          {"op", outcome.cut.op},
          {"a", outcome.cut.address},
          {"k", outcome.cut.op_kind},
          {"torn", outcome.cut.torn},
          {"t", std::chrono::duration_cast<std::chrono::milliseconds>(at).count()},
          {"p", plan},
          {"f", findings_json(outcome.judgement)}};
}

json failures_json(const ReportInput& input, const Configuration& configuration) {
  const PlanAffixes affixes = plan_affixes(input, configuration);
  json out = json::array();
  for (const std::size_t i : configuration.campaigns) {
    const std::string& board = input.campaigns[i].summary.campaign.board_name;
    for (const Cycle& cycle : input.campaigns[i].cycles) {
      if (!is_failure(cycle.outcome->judgement.verdict)) continue;
      json failure = failure_json(cycle, affixes.middle_of(cycle.intent.plan));
      if (!board.empty()) failure["b"] = board;
      out.push_back(std::move(failure));
    }
  }
  return out;
}

json phases_json(const store::CampaignSummary& summary) {
  json out = json::array();
  for (const store::PhaseCounts& phase : summary.phases) {
    out.push_back({{"name", phase.phase}, {"counts", counts_by_verdict(phase.counts)}});
  }
  return out;
}

json samples_json(const Configuration& configuration) {
  json out = json::array();
  for (const SampleTimeline& sample : configuration.samples) {
    out.push_back({{"c", sample.cycle.value},
                   {"trunk", sample.trunk},
                   {"shared", sample.shared_events},
                   {"events", packed_events(sample.rest)}});
  }
  return out;
}

// Only those that a sample goes on from; the others are empty.
json trunks_json(const Configuration& configuration) {
  json out = json::array();
  for (std::size_t i = 0; i < configuration.trunks.size(); ++i) {
    const bool used = std::any_of(configuration.samples.begin(), configuration.samples.end(),
                                  [&](const auto& sample) { return sample.trunk == i; });
    out.push_back(used ? packed_events(configuration.trunks[i]) : "");
  }
  return out;
}

// Of the campaign that decided most; null when none explored.
json explored_json(const ReportInput& input, const Configuration& configuration) {
  const store::Explored* most = nullptr;
  for (const std::size_t i : configuration.campaigns) {
    const auto& explored = input.campaigns[i].explored;
    if (explored && (most == nullptr || explored->decided > most->decided)) most = &*explored;
  }
  return most == nullptr ? json() : json::parse(most->coverage, nullptr, false);
}

// Of all its campaigns: boards have links of their own.
std::vector<LinkFigures> links_of(const ReportInput& input, const Configuration& configuration) {
  std::vector<LinkFigures> links;
  for (const std::size_t i : configuration.campaigns) {
    const auto& each = input.campaigns[i].links;
    links.insert(links.end(), each.begin(), each.end());
  }
  return links;
}

json identity_json(const store::Campaign& campaign) {
  json out = {{"id", campaign.id.value},
              {"title", campaign.title},
              {"scenario", campaign.scenario},
              {"labels", campaign.labels},
              {"board", campaign.board},
              {"name", campaign.board_name},
              {"role", store::name_of(campaign.role)},
              {"firmware", campaign.firmware},
              {"hash", campaign.firmware_hash},
              {"images", campaign.image_hashes},
              {"otarig", campaign.otarig_version},
              {"seed", std::to_string(campaign.seed)},
              {"state", store::name_of(campaign.state)},
              {"started", utc_text(campaign.started_unix_us)},
              {"planned", campaign.points_planned},
              {"ops", campaign.flash_ops_total}};
  out["ended"] = campaign.ended_unix_us ? utc_text(*campaign.ended_unix_us) : "";
  return out;
}

json configuration_json(const ReportInput& input, const Configuration& configuration) {
  const store::CampaignSummary& summary = configuration.summary;
  const PlanAffixes affixes = plan_affixes(input, configuration);
  json out = identity_json(summary.campaign);
  out["row"] = configuration.name;
  out["boards"] = configuration.campaigns.size();
  out["sentence"] = sentence_for(summary, configuration.name);
  out["worst"] = name_of(worst_class(summary));
  out["counts"] = counts_by_verdict(summary.cuts);
  out["controls"] = counts_by_verdict(summary.controls);
  out["runs"] = counts_by_verdict(summary.runs);
  out["open"] = summary.open_cycles;
  out["phases"] = phases_json(summary);
  out["torn"] = summary.torn;
  out["host_s"] = base::to_seconds(summary.host);
  out["plan"] = {{"prefix", affixes.prefix}, {"suffix", affixes.suffix}};
  out["marks"] = marks_json(input, configuration);
  out["bands"] = bands_json(input, configuration);
  out["survival"] = survival_json(input, configuration);
  out["hits"] = hits_json(configuration);
  out["regions"] = regions_json(summary.campaign.firmware);
  out["failures"] = failures_json(input, configuration);
  out["samples"] = samples_json(configuration);
  out["trunks"] = trunks_json(configuration);
  out["explored"] = explored_json(input, configuration);
  out["links"] = links_json(links_of(input, configuration));
  return out;
}

}  // namespace

json html_data(const ReportInput& input) {
  json out = {{"title", input.title},
              {"otarig", input.otarig_version},
              {"generated", utc_text(input.generated_unix_us)},
              {"verdicts", verdicts_json()},
              {"gate", gate_json(input)},
              {"change", change_json(input)},
              {"boards", boards_json(input)},
              {"health", health_json(input)},
              {"campaigns", json::array()}};
  for (const Configuration& configuration : input.configurations) {
    out["campaigns"].push_back(configuration_json(input, configuration));
  }
  return out;
}

}  // namespace rig::report
