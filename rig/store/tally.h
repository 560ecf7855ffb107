// Counts of one campaign, or of several that made the same cuts, without reading their cycles one
// by one: a million of them answer in a second.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/store.h"

namespace rig::store {

struct Tally {
  CampaignId campaign;
  std::vector<PhaseCounts> phases{};  // finished cuts
  VerdictCounts controls{};           // and finished cycles of the other kinds
  VerdictCounts runs{};
  std::uint64_t repeated{};  // cuts that tallies_of_distinct() left out

  [[nodiscard]] VerdictCounts cuts() const;
};

[[nodiscard]] Tally tally(Store& store, CampaignId campaign);

// Of campaigns on the simulated board, where a plan has one outcome: every plan counts once, in the
// campaign that made it first, with the worst outcome that it ever had. In order of `campaigns`.
// Reads every row.
[[nodiscard]] std::vector<Tally> tallies_of_distinct(Store& store,
                                                     std::span<const CampaignId> campaigns);

// When cuts landed that are trials, since the start of their cycles; ascending.
[[nodiscard]] std::vector<std::int64_t> cut_times_us(Store& store,
                                                     std::span<const CampaignId> campaigns);

// The plan of the worst failing cut; empty when none failed.
[[nodiscard]] std::string worst_plan(Store& store, CampaignId campaign);

struct Attempt {
  CycleId cycle;
  record::Verdict verdict{};
};
// One plan of one build that passed in one cycle and failed in another.
struct MixedPlan {
  std::string plan;
  std::vector<Attempt> attempts{};  // all of them, oldest first
};
// Reads every row.
[[nodiscard]] std::vector<MixedPlan> mixed_plans(Store& store,
                                                 std::span<const CampaignId> campaigns);

}  // namespace rig::store
