// What a report needs of every cycle of a campaign, small enough to hold a million of them: texts
// (plan, findings) are read afterwards, of the few that are listed.
#pragma once

#include <cstdint>
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

// The finished cycles of a campaign, in order of index.
[[nodiscard]] std::vector<CycleRow> cycle_rows(Store& store, CampaignId campaign,
                                               PhaseNames& phases);

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

// Every cycle of a campaign, begun ones too, one after the other in order of index: a table for
// other programs. `judgement` holds the first finding that is the verdict's reason, and no other.
class CycleTable {
 public:
  CycleTable(Store& store, CampaignId campaign);
  // Empty at the end.
  [[nodiscard]] std::optional<Cycle> next();

 private:
  Database& database_;
  CampaignId campaign_;
  Statement query_;
};

}  // namespace rig::store
