#include "report/report_input.h"

#include <map>
#include <set>

#include "base/rig_error.h"

namespace rig::report {
namespace {

bool failed(const store::Cycle& cycle) {
  if (!cycle.outcome || cycle.intent.kind != store::CycleKind::cut) return false;
  const auto verdict_class = record::class_of(cycle.outcome->judgement.verdict);
  return verdict_class == record::VerdictClass::degraded ||
         verdict_class == record::VerdictClass::lost;
}

std::optional<SampleTimeline> sample_of(store::Store& store, store::CycleId id,
                                        const record::Timeline& trunk) {
  try {
    const store::PackedTimeline packed = store.packed_timeline(id);
    auto whole = store::unpack(packed, trunk);
    if (!whole) return std::nullopt;
    const auto shared = static_cast<std::ptrdiff_t>(packed.shared_events);
    return SampleTimeline{id, packed.shared_events, {whole->begin() + shared, whole->end()}};
  } catch (const base::UsageError&) {
    return std::nullopt;  // a cycle without a timeline
  }
}

void load_samples(store::Store& store, CampaignReport& campaign, const LoadOptions& options) {
  std::map<record::Verdict, std::size_t> taken;
  std::set<std::pair<record::Verdict, std::string>> kinds;
  for (const store::Cycle& cycle : campaign.cycles) {
    if (!failed(cycle)) continue;
    const record::Judgement& judgement = cycle.outcome->judgement;
    std::size_t& count = taken[judgement.verdict];
    const bool known = kinds.contains({judgement.verdict, judgement.phase});
    if (known && count >= options.timelines_per_verdict) continue;
    if (auto sample = sample_of(store, cycle.id, campaign.trunk)) {
      campaign.samples.push_back(*std::move(sample));
      kinds.emplace(judgement.verdict, judgement.phase);
      ++count;
    }
  }
}

}  // namespace

ReportInput load_campaigns(store::Store& store, std::span<const store::CampaignId> campaigns,
                           const LoadOptions& options) {
  ReportInput input;
  for (const store::CampaignId id : campaigns) {
    CampaignReport& campaign = input.campaigns.emplace_back();
    campaign.summary = store.summary(id);
    campaign.cycles = store.cycles(id);
    campaign.trunk = store.trunk(id);
    load_samples(store, campaign, options);
  }
  return input;
}

std::vector<store::CampaignSummary> summaries_of(const ReportInput& input) {
  std::vector<store::CampaignSummary> summaries;
  for (const CampaignReport& campaign : input.campaigns) summaries.push_back(campaign.summary);
  return summaries;
}

}  // namespace rig::report
