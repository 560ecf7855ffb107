// What a report is made of, read from the store once. Counts are made by the database; of a million
// cycles only those that are listed are read in full, so that memory does not grow with them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "record/event.h"
#include "report/link_figures.h"
#include "report/positions.h"
#include "store/exploration_rows.h"
#include "store/store.h"

namespace rig::report {

// The timeline of a failing cycle, without the events that it shares with its campaign's trunk.
struct SampleTimeline {
  store::CycleId cycle;
  std::size_t trunk{};  // of Configuration::trunks
  std::uint64_t shared_events{};
  record::Timeline rest;
};

// Of the times from the return of power to back online; empty when there is none.
struct Recovery {
  std::uint64_t cycles{};
  std::int64_t median_us{};
  std::int64_t slow_us{};  // 95 of 100 are quicker
};

struct CampaignReport {
  store::CampaignSummary summary;
  // In full, in order of index: failing cycles, cuts that proved nothing and cycles without a cut,
  // each kind up to its bound (LoadOptions). What is left out is in the summary's counts.
  std::vector<store::Cycle> cycles;
  std::vector<store::NoTrialCause> no_trial;  // the most frequent ones
  Recovery recovery;
  std::optional<store::Explored> explored;
  // Of cycles all over the campaign, LoadOptions::link_cycles of them at most.
  std::vector<LinkFigures> links{};
};

struct MarkedCut : Mark {
  std::string plan;
};

// Campaigns of one night that differ in nothing but the board they ran on.
struct Configuration {
  std::string name;                    // as row_name(), and what tells it from others of that name
  store::CampaignSummary summary;      // sums over its campaigns
  std::vector<std::size_t> campaigns;  // of ReportInput::campaigns
  std::vector<MarkedCut> marks;
  std::vector<Band> bands;
  std::vector<SurvivalBin> survival;
  std::vector<Hit> hits;
  std::vector<record::Timeline> trunks;
  std::vector<SampleTimeline> samples;
};

// What a gate decided about the same cycles; whoever knows a policy fills it in.
struct GateAnswer {
  enum class Outcome : std::uint8_t { accepted, rejected, undecided };
  Outcome outcome{Outcome::undecided};
  std::string headline{};
  std::vector<std::string> lines{};  // why, and what is still needed
};

// One configuration of this night beside the same scenario of an earlier one.
struct Change {
  std::string row{};
  bool other_firmware{false};
  store::VerdictCounts before;
  store::VerdictCounts now;
  double chance{1};  // probability of a difference as large as this between equals, two-sided
};
struct ChangeSince {
  std::string batch{};
  std::int64_t started_unix_us{};
  std::vector<Change> rows{};
  std::vector<std::string> only_now{};     // scenarios that the earlier night did not run
  std::vector<std::string> only_before{};  // and that this night did not
};

struct ContactWear {
  std::string board{};
  std::string contact{};  // CHANNEL@SWITCH
  std::uint64_t closed{};
};

// A board that no campaign uses until somebody releases it.
struct OutOfGame {
  std::string board{};
  std::string reason{};
  std::int64_t since_unix_us{};
};

struct ReportInput {
  std::vector<CampaignReport> campaigns{};
  std::vector<Configuration> configurations{};
  store::PhaseNames phases{};  // those that marks, bands and survival name
  std::string title{};
  std::string otarig_version{};  // of the program that writes the report
  std::int64_t generated_unix_us{};
  std::optional<GateAnswer> gate{};
  std::optional<ChangeSince> change{};
  std::vector<ContactWear> wear{};
  std::vector<OutOfGame> quarantined{};
};

struct LoadOptions {
  // Per configuration, failing verdicts only: the earliest cuts; and in any case the first cut of
  // every verdict in every phase.
  std::size_t timelines_per_verdict{3};
  // Over all campaigns; of one campaign never fewer than 200. The first five of every verdict in
  // every phase come before the rest.
  std::size_t failures{20'000};
  std::size_t without_trial{500};  // per campaign
  std::size_t without_cut{500};    // per campaign, those that do not pass first
  // Over all campaigns, of one never fewer than 4: timelines that are read for what the link did.
  std::size_t link_cycles{400};
};

// Throws what the store throws. A cycle whose timeline is damaged has no sample; its row stays.
[[nodiscard]] ReportInput load_campaigns(store::Store& store,
                                         std::span<const store::CampaignId> campaigns,
                                         const LoadOptions& options = {});

[[nodiscard]] std::vector<store::CampaignSummary> summaries_of(const ReportInput& input);

// Of the configurations; their titles are their names.
[[nodiscard]] std::vector<store::CampaignSummary> rows_of(const ReportInput& input);

// Of class degraded or lost.
[[nodiscard]] bool is_failure(record::Verdict verdict);

}  // namespace rig::report
