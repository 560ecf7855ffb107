// What a report needs of every cycle of a campaign, small enough to hold a million of them: texts
// (plan, findings) are read afterwards, of the few that are listed.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "store/store.h"

namespace rig::store {

struct CycleRow {
  CycleId id;
  std::uint64_t index{};
  std::int64_t cut_at_us{-1};    // -1: no cut landed
  std::uint64_t op{};            // 0: no flash operation in flight
  std::int64_t recovery_us{-1};  // -1: never, or no cut
  std::uint32_t address{};
  std::uint16_t phase{};  // of the PhaseNames it was read with
  record::Verdict verdict{};
  CycleKind kind{};
};

// Names of phases by number, in the order in which they were met.
class PhaseNames {
 public:
  std::uint16_t number_of(const std::string& name);
  [[nodiscard]] const std::string& name_of(std::uint16_t number) const { return names_[number]; }
  [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
};

// The finished cycles of one campaign.
struct CampaignRows {
  std::vector<CycleRow> rows;                 // in order of index
  std::map<std::string, std::uint64_t> torn;  // cuts by torn model
};
// Of each of `campaigns`, none of them named twice, in their order. Campaigns of one night are read
// together: their cycles lie among each other in the file, and one by one every page would be read
// once for each of them.
[[nodiscard]] std::vector<CampaignRows> cycle_rows(Store& store,
                                                   std::span<const CampaignId> campaigns,
                                                   PhaseNames& phases);

// Single cycles with their findings, one after the other.
class CycleReader {
 public:
  explicit CycleReader(Store& store);
  // Throws base::UsageError when there is no such cycle.
  [[nodiscard]] Cycle read(CycleId id);

 private:
  Database& database_;
  Statement cycle_;
  Statement findings_;
};

// Plan ids of single cycles, one after the other.
class PlanReader {
 public:
  explicit PlanReader(Store& store);
  // Throws base::UsageError when there is no such cycle.
  [[nodiscard]] std::string plan_of(CycleId cycle);

 private:
  Database& database_;
  Statement query_;
};

// Why cycles of a campaign proved nothing: the same text of the same verdict counts once.
struct NoTrialCause {
  record::Verdict verdict{};
  std::string text{};
  std::uint64_t cycles{};
  CycleId first;  // the one to look at
};
// The most frequent `limit` of them.
[[nodiscard]] std::vector<NoTrialCause> no_trial_causes(Store& store, CampaignId campaign,
                                                        std::uint64_t limit);

[[nodiscard]] std::uint64_t count_cycles(Store& store, CampaignId campaign);

// Every cycle of some campaigns, begun ones too, one after the other: a table for other programs.
// Of one campaign in order of index, of several in the order that the file gives them fastest.
// `judgement` holds the first finding that is the verdict's reason, and no other.
class CycleTable {
 public:
  CycleTable(Store& store, std::span<const CampaignId> campaigns);
  // Empty at the end.
  [[nodiscard]] std::optional<Cycle> next();

 private:
  Database& database_;
  Statement query_;
};

}  // namespace rig::store
