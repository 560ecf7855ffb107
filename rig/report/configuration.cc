#include "report/configuration.h"

#include <algorithm>

namespace rig::report {
namespace {

using store::CampaignSummary;
using store::VerdictCounts;

void add_counts(VerdictCounts& sum, const VerdictCounts& more) {
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<record::Verdict>(i);
    sum.add(verdict, more.of(verdict));
  }
}

void add_phases(CampaignSummary& sum, const CampaignSummary& more) {
  for (const store::PhaseCounts& phase : more.phases) {
    const auto known = std::find_if(sum.phases.begin(), sum.phases.end(),
                                    [&](const auto& each) { return each.phase == phase.phase; });
    if (known == sum.phases.end()) {
      sum.phases.push_back(phase);
    } else {
      add_counts(known->counts, phase.counts);
    }
  }
}

void add_first_cuts(CampaignSummary& sum, const CampaignSummary& more) {
  for (const store::FirstCut& first : more.first_cuts) {
    const auto known =
        std::find_if(sum.first_cuts.begin(), sum.first_cuts.end(),
                     [&](const store::FirstCut& each) { return each.verdict == first.verdict; });
    if (known == sum.first_cuts.end()) {
      sum.first_cuts.push_back(first);
    } else if (first.cut.at < known->cut.at) {
      *known = first;
    }
  }
  std::sort(sum.first_cuts.begin(), sum.first_cuts.end(),
            [](const auto& a, const auto& b) { return a.verdict < b.verdict; });
}

// A night of several boards is over when all are, and whole when none was interrupted.
void add_campaign(store::Campaign& sum, const store::Campaign& more) {
  using store::CampaignState;
  if (sum.board_name != more.board_name) sum.board_name.clear();
  const bool running = sum.state == CampaignState::running || more.state == CampaignState::running;
  if (running) {
    sum.state = CampaignState::running;
  } else if (more.state == CampaignState::interrupted) {
    sum.state = CampaignState::interrupted;
  }
  sum.started_unix_us = std::min(sum.started_unix_us, more.started_unix_us);
  if (running || !more.ended_unix_us) {
    sum.ended_unix_us.reset();
  } else {
    sum.ended_unix_us = std::max(sum.ended_unix_us, more.ended_unix_us);
  }
  sum.points_planned += more.points_planned;
  sum.flash_ops_total = std::max(sum.flash_ops_total, more.flash_ops_total);
}

}  // namespace

bool same_configuration(const store::Campaign& one, const store::Campaign& other) {
  return !one.board_name.empty() && !other.board_name.empty() && one.scenario == other.scenario &&
         one.title == other.title && one.role == other.role && one.labels == other.labels &&
         one.board == other.board && one.firmware == other.firmware &&
         one.firmware_hash == other.firmware_hash && one.image_hashes == other.image_hashes;
}

void add_summary(CampaignSummary& sum, const CampaignSummary& more) {
  add_campaign(sum.campaign, more.campaign);
  add_counts(sum.cuts, more.cuts);
  add_counts(sum.controls, more.controls);
  add_counts(sum.runs, more.runs);
  sum.open_cycles += more.open_cycles;
  add_phases(sum, more);
  add_first_cuts(sum, more);
  for (const auto& [torn, cuts] : more.torn) sum.torn[torn] += cuts;
  sum.host += more.host;
}

}  // namespace rig::report
