#include "report/change_since.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/rig_error.h"
#include "report/configuration.h"
#include "report/sentence.h"
#include "statistics/comparison.h"

namespace rig::report {
namespace {

using store::Campaign;

bool comparable(const Campaign& one, const Campaign& other) {
  return one.scenario == other.scenario && one.board == other.board && one.labels == other.labels &&
         one.role == other.role;
}

bool is_trial(const Campaign& campaign) { return campaign.role == store::CampaignRole::trial; }

statistics::Sample sample_of(const store::VerdictCounts& counts) {
  return {.failures = counts.failures(), .trials = counts.trials()};
}

// Empty when the earlier night had nothing like it.
std::optional<Change> change_of(const Configuration& now,
                                const std::vector<store::CampaignSummary>& earlier) {
  std::optional<store::CampaignSummary> before;
  for (const store::CampaignSummary& summary : earlier) {
    if (!comparable(summary.campaign, now.summary.campaign)) continue;
    if (before) {
      add_summary(*before, summary);
    } else {
      before = summary;
    }
  }
  if (!before) return std::nullopt;
  Change change{
      .row = row_name(now.summary.campaign),
      .other_firmware = before->campaign.firmware_hash != now.summary.campaign.firmware_hash,
      .before = before->cuts,
      .now = now.summary.cuts};
  change.chance = statistics::fisher_exact({sample_of(change.before), sample_of(change.now)});
  return change;
}

std::int64_t began(const ReportInput& input) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  for (const CampaignReport& each : input.campaigns) {
    first = std::min(first, each.summary.campaign.started_unix_us);
  }
  return first;
}

}  // namespace

std::optional<std::string> earlier_batch(store::Store& store, const ReportInput& input) {
  std::set<std::string> own;
  for (const CampaignReport& each : input.campaigns) own.insert(each.summary.campaign.batch);
  const std::int64_t start = began(input);
  const Campaign* latest = nullptr;
  const std::vector<Campaign> all = store.campaigns();
  for (const Campaign& campaign : all) {
    if (campaign.batch.empty() || own.contains(campaign.batch)) continue;
    if (campaign.started_unix_us >= start || !is_trial(campaign)) continue;
    const bool alike = std::any_of(
        input.configurations.begin(), input.configurations.end(),
        [&](const Configuration& each) { return comparable(each.summary.campaign, campaign); });
    if (!alike) continue;
    if (latest == nullptr || campaign.started_unix_us >= latest->started_unix_us) {
      latest = &campaign;
    }
  }
  return latest != nullptr ? std::optional(latest->batch) : std::nullopt;
}

ChangeSince change_since(store::Store& store, const ReportInput& input, const std::string& batch) {
  std::vector<store::CampaignSummary> earlier;
  for (const Campaign& campaign : store.batch(batch)) {
    if (is_trial(campaign)) earlier.push_back(store.quick_summary(campaign.id));
  }
  if (earlier.empty()) {
    throw base::UsageError(
        fmt::format("report: no campaign of batch '{}' in this database to compare with", batch));
  }
  ChangeSince since{.batch = batch, .started_unix_us = earlier.front().campaign.started_unix_us};
  std::set<std::string> scenarios;
  for (const Configuration& now : input.configurations) {
    if (!is_trial(now.summary.campaign)) continue;
    scenarios.insert(now.summary.campaign.scenario);
    if (auto change = change_of(now, earlier)) {
      since.rows.push_back(*std::move(change));
    } else {
      since.only_now.push_back(row_name(now.summary.campaign));
    }
  }
  std::set<std::string> gone;
  for (const store::CampaignSummary& summary : earlier) {
    since.started_unix_us = std::min(since.started_unix_us, summary.campaign.started_unix_us);
    if (!scenarios.contains(summary.campaign.scenario)) gone.insert(row_name(summary.campaign));
  }
  since.only_before.assign(gone.begin(), gone.end());
  return since;
}

}  // namespace rig::report
