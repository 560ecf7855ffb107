#include "report/html_data.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "report/html_map.h"
#include "report/html_timeline.h"
#include "report/json_report.h"
#include "report/sentence.h"

namespace rig::report {
namespace {

using nlohmann::json;
using record::Verdict;
using store::Cycle;

// The list of failures is for reading; all of them are in report.json and in the CSV.
constexpr std::size_t kLargestFailures = 20'000;  // over all campaigns
constexpr std::size_t kFewestFailures = 200;      // of one campaign, however many there are
constexpr std::size_t kFirstOfEach = 5;           // per verdict and phase, before the rest

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

json counts_json(const store::VerdictCounts& counts) {
  json out = json::array();
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    out.push_back(counts.of(static_cast<Verdict>(i)));
  }
  return out;
}

bool is_failure(const Cycle& cycle) {
  if (!cycle.outcome) return false;
  const auto each = record::class_of(cycle.outcome->judgement.verdict);
  return each == record::VerdictClass::degraded || each == record::VerdictClass::lost;
}

// Every verdict and phase is represented before the list is filled up in order.
std::vector<const Cycle*> listed_failures(const CampaignReport& campaign, std::size_t limit) {
  std::map<std::pair<Verdict, std::string>, std::size_t> seen;
  std::vector<const Cycle*> first;
  std::vector<const Cycle*> rest;
  for (const Cycle& cycle : campaign.cycles) {
    if (!is_failure(cycle)) continue;
    const record::Judgement& judgement = cycle.outcome->judgement;
    const bool early = seen[{judgement.verdict, judgement.phase}]++ < kFirstOfEach;
    (early ? first : rest).push_back(&cycle);
  }
  first.insert(first.end(), rest.begin(), rest.end());
  if (first.size() > limit) first.resize(limit);
  std::sort(first.begin(), first.end(),
            [](const Cycle* a, const Cycle* b) { return a->intent.index < b->intent.index; });
  return first;
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

json failures_json(const CampaignReport& campaign, std::size_t limit) {
  const PlanAffixes affixes = plan_affixes(campaign);
  json out = json::array();
  for (const Cycle* cycle : listed_failures(campaign, limit)) {
    out.push_back(failure_json(*cycle, affixes.middle_of(cycle->intent.plan)));
  }
  return out;
}

json phases_json(const store::CampaignSummary& summary) {
  json out = json::array();
  for (const store::PhaseCounts& phase : summary.phases) {
    out.push_back({{"name", phase.phase}, {"counts", counts_json(phase.counts)}});
  }
  return out;
}

json samples_json(const CampaignReport& campaign) {
  json out = json::array();
  for (const SampleTimeline& sample : campaign.samples) {
    out.push_back({{"c", sample.cycle.value},
                   {"shared", sample.shared_events},
                   {"events", packed_events(sample.rest)}});
  }
  return out;
}

json identity_json(const store::Campaign& campaign) {
  json out = {{"id", campaign.id.value},
              {"row", row_name(campaign)},
              {"title", campaign.title},
              {"scenario", campaign.scenario},
              {"labels", campaign.labels},
              {"board", campaign.board},
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

json campaign_json(const CampaignReport& campaign, std::size_t limit) {
  const store::CampaignSummary& summary = campaign.summary;
  const PlanAffixes affixes = plan_affixes(campaign);
  json out = identity_json(summary.campaign);
  out["sentence"] = sentence_for(summary);
  out["worst"] = name_of(worst_class(summary));
  out["counts"] = counts_json(summary.cuts);
  out["controls"] = counts_json(summary.controls);
  out["runs"] = counts_json(summary.runs);
  out["open"] = summary.open_cycles;
  out["phases"] = phases_json(summary);
  out["torn"] = summary.torn;
  out["host_s"] = base::to_seconds(summary.host);
  out["plan"] = {{"prefix", affixes.prefix}, {"suffix", affixes.suffix}};
  out["marks"] = marks_json(campaign);
  out["bands"] = bands_json(campaign);
  out["regions"] = regions_json(summary.campaign.firmware);
  out["failures"] = failures_json(campaign, limit);
  out["samples"] = samples_json(campaign);
  out["trunk"] = campaign.samples.empty() ? "" : packed_events(campaign.trunk);
  return out;
}

}  // namespace

json html_data(const ReportInput& input) {
  const std::size_t campaigns = std::max<std::size_t>(1, input.campaigns.size());
  const std::size_t limit = std::max(kFewestFailures, kLargestFailures / campaigns);
  json out = {{"title", input.title},
              {"otarig", input.otarig_version},
              {"generated", utc_text(input.generated_unix_us)},
              {"verdicts", verdicts_json()},
              {"campaigns", json::array()}};
  for (const CampaignReport& campaign : input.campaigns) {
    out["campaigns"].push_back(campaign_json(campaign, limit));
  }
  return out;
}

}  // namespace rig::report
