// What a report is made of: one or several campaigns, read from the store once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "record/event.h"
#include "store/store.h"

namespace rig::report {

// The timeline of a failing cycle, without the events that it shares with the campaign's trunk.
struct SampleTimeline {
  store::CycleId cycle;
  std::uint64_t shared_events{};
  record::Timeline rest;
};

struct CampaignReport {
  store::CampaignSummary summary;
  std::vector<store::Cycle> cycles;  // in order of index
  record::Timeline trunk;
  std::vector<SampleTimeline> samples;
};

struct ReportInput {
  std::vector<CampaignReport> campaigns{};
  std::string title{};
  std::string otarig_version{};  // of the program that writes the report
  std::int64_t generated_unix_us{};
};

struct LoadOptions {
  // Per campaign, failing verdicts only: the earliest cuts; and in any case the first cut of every
  // verdict in every phase.
  std::size_t timelines_per_verdict{3};
};

// Throws what the store throws. A cycle whose timeline is damaged has no sample; its row stays.
[[nodiscard]] ReportInput load_campaigns(store::Store& store,
                                         std::span<const store::CampaignId> campaigns,
                                         const LoadOptions& options = {});

[[nodiscard]] std::vector<store::CampaignSummary> summaries_of(const ReportInput& input);

}  // namespace rig::report
