#include "store/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <unordered_map>

#include "store/cycle_columns.h"
#include "store/cycle_rows.h"
#include "store/verdict_column.h"

namespace rig::store {
namespace {

using record::Verdict;
using record::VerdictClass;

PhaseCounts& counts_of_phase(Tally& tally, const std::string& name) {
  auto found = std::find_if(tally.phases.begin(), tally.phases.end(),
                            [&](const PhaseCounts& each) { return each.phase == name; });
  if (found != tally.phases.end()) return *found;
  return tally.phases.emplace_back(PhaseCounts{.phase = name, .counts = {}});
}

// Whatever proves something outranks what proves nothing.
int rank_of(Verdict verdict) {
  return record::class_of(verdict) == VerdictClass::no_trial ? -1 : static_cast<int>(verdict);
}

// A cut among a million others. Plans by their hash: two of a million have the same one with a
// chance of 10^-8.
struct Cut {
  std::size_t plan{};
  std::uint64_t index{};
  std::uint32_t tally{};
  std::uint16_t phase{};
  Verdict verdict{};
};

// Verdicts by their names, of which a million rows hold a handful.
class Verdicts {
 public:
  explicit Verdicts(Database& database) : database_(database) {}
  Verdict named(const std::string& name) {
    const auto known = verdicts_.find(name);
    if (known != verdicts_.end()) return known->second;
    return verdicts_.emplace(name, verdict_in(database_, name)).first->second;
  }

 private:
  Database& database_;
  std::map<std::string, Verdict> verdicts_;
};

class DistinctCuts {
 public:
  DistinctCuts(Store& store, std::vector<Tally>& tallies)
      : tallies_(tallies), verdicts_(store.database()) {
    std::map<std::int64_t, std::uint32_t> places;
    std::vector<CampaignId> campaigns;
    for (std::uint32_t i = 0; i < tallies.size(); ++i) {
      places[tallies[i].campaign.value] = i;
      campaigns.push_back(tallies[i].campaign);
    }
    Statement query(store.database(),
                    fmt::format("SELECT campaign, cycle_index, verdict, phase, plan FROM cycles {} "
                                "AND +kind='cut' AND +verdict NOT NULL",
                                where_quickest(store.database(), campaigns)));
    while (query.step()) {
      cuts_.push_back({.plan = std::hash<std::string>()(query.text(4)),
                       .index = query.count(1),
                       .tally = places.at(query.integer(0)),
                       .phase = phases_.number_of(query.text(3)),
                       .verdict = verdicts_.named(query.text(2))});
    }
  }
  // Of those of one plan the first one counts, with the verdict that proves most.
  void count() {
    std::ranges::sort(cuts_, {},
                      [](const Cut& cut) { return std::tuple(cut.plan, cut.tally, cut.index); });
    for (auto cut = cuts_.begin(); cut != cuts_.end();) {
      const Cut* best = &*cut;
      const Cut& first = *cut;
      for (++cut; cut != cuts_.end() && cut->plan == first.plan; ++cut) {
        ++tallies_[cut->tally].repeated;
        if (rank_of(cut->verdict) > rank_of(best->verdict)) best = &*cut;
      }
      const std::string& phase = phases_.name_of(best->phase);
      counts_of_phase(tallies_[first.tally], phase).counts.add(best->verdict);
    }
  }

 private:
  std::vector<Tally>& tallies_;
  Verdicts verdicts_;
  PhaseNames phases_;
  std::vector<Cut> cuts_;
};

Tally tally_without_cuts(Store& store, CampaignId campaign) {
  Tally found{.campaign = campaign};
  Statement query(store.database(),
                  "SELECT kind, verdict, count(*) FROM cycles WHERE campaign=? AND kind IN "
                  "('control', 'run') AND verdict NOT NULL GROUP BY kind, verdict");
  query.with(campaign.value);
  while (query.step()) {
    const bool control = query.text(0) == name_of(CycleKind::control);
    const Verdict verdict = verdict_in(store.database(), query.text(1));
    (control ? found.controls : found.runs).add(verdict, query.count(2));
  }
  return found;
}

constexpr std::uint8_t kPassed = 1;
constexpr std::uint8_t kFailed = 2;

std::uint8_t side_of(Verdict verdict) {
  const VerdictClass outcome = record::class_of(verdict);
  if (outcome == VerdictClass::no_trial) return 0;
  return outcome == VerdictClass::pass ? kPassed : kFailed;
}

// Hands every finished cut of these campaigns to `take`: cycle, verdict, plan.
template <typename Take>
void each_cut(Store& store, std::span<const CampaignId> campaigns, const Take& take) {
  Verdicts verdicts(store.database());
  Statement query(store.database(),
                  fmt::format("SELECT id, verdict, plan FROM cycles {} AND +kind='cut' AND "
                              "+verdict NOT NULL ORDER BY id",
                              where_quickest(store.database(), campaigns)));
  while (query.step()) {
    take(CycleId{query.integer(0)}, verdicts.named(query.text(1)), query.text(2));
  }
}

}  // namespace

VerdictCounts Tally::cuts() const {
  VerdictCounts sum;
  for (const PhaseCounts& phase : phases) {
    for (std::size_t i = 0; i < kVerdictCount; ++i) {
      const auto verdict = static_cast<Verdict>(i);
      sum.add(verdict, phase.counts.of(verdict));
    }
  }
  return sum;
}

Tally tally(Store& store, CampaignId campaign) {
  Tally found = tally_without_cuts(store, campaign);
  Statement query(store.database(),
                  "SELECT verdict, phase, count(*) FROM cycles WHERE campaign=? AND kind='cut' AND "
                  "verdict NOT NULL GROUP BY verdict, phase ORDER BY min(cut_at_us)");
  query.with(campaign.value);
  while (query.step()) {
    const Verdict verdict = verdict_in(store.database(), query.text(0));
    counts_of_phase(found, query.text(1)).counts.add(verdict, query.count(2));
  }
  return found;
}

std::vector<Tally> tallies_of_distinct(Store& store, std::span<const CampaignId> campaigns) {
  std::vector<Tally> tallies;
  for (const CampaignId id : campaigns) tallies.push_back(tally_without_cuts(store, id));
  DistinctCuts cuts(store, tallies);
  cuts.count();
  return tallies;
}

std::vector<std::int64_t> cut_times_us(Store& store, std::span<const CampaignId> campaigns) {
  std::vector<std::int64_t> times;
  Statement query(store.database(),
                  "SELECT cut_at_us FROM cycles WHERE campaign=? AND kind='cut' AND verdict NOT "
                  "NULL AND verdict NOT IN ('void', 'rig-fault', 'flaky-baseline') AND cut_at_us "
                  "NOT NULL");
  for (const CampaignId id : campaigns) {
    query.with(id.value);
    while (query.step()) times.push_back(query.integer(0));
  }
  std::sort(times.begin(), times.end());
  return times;
}

std::string worst_plan(Store& store, CampaignId campaign) {
  Statement query(store.database(),
                  "SELECT verdict, min(cycle_index), plan FROM cycles WHERE campaign=? AND "
                  "kind='cut' AND verdict NOT NULL AND verdict NOT IN ('survived-new', 'resumed', "
                  "'retried', 'rolled-back', 'void', 'rig-fault', 'flaky-baseline') "
                  "GROUP BY verdict");
  query.with(campaign.value);
  std::string plan;
  int worst = -1;
  while (query.step()) {
    const int rank = rank_of(verdict_in(store.database(), query.text(0)));
    if (rank <= worst) continue;
    worst = rank;
    plan = query.text(2);
  }
  return plan;
}

std::vector<MixedPlan> mixed_plans(Store& store, std::span<const CampaignId> campaigns) {
  std::unordered_map<std::size_t, std::uint8_t> sides;
  each_cut(store, campaigns, [&](CycleId, Verdict verdict, const std::string& plan) {
    sides[std::hash<std::string>()(plan)] |= side_of(verdict);
  });
  std::erase_if(sides, [](const auto& each) { return each.second != (kPassed | kFailed); });
  std::vector<MixedPlan> mixed;
  if (sides.empty()) return mixed;
  each_cut(store, campaigns, [&](CycleId cycle, Verdict verdict, const std::string& plan) {
    if (!sides.contains(std::hash<std::string>()(plan))) return;
    auto known = std::find_if(mixed.begin(), mixed.end(),
                              [&](const MixedPlan& each) { return each.plan == plan; });
    if (known == mixed.end()) known = mixed.insert(mixed.end(), {.plan = plan});
    known->attempts.push_back({cycle, verdict});
  });
  return mixed;
}

}  // namespace rig::store
