#include "store/tally.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

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

struct Outcome {
  std::size_t tally{};
  Verdict verdict{};
  std::string phase;
};

// Plans by their hash: two of a million have the same one with a chance of 10^-8.
using Outcomes = std::unordered_map<std::size_t, Outcome>;

void read_plans(Store& store, std::vector<Tally>& tallies, std::size_t which, Outcomes& outcomes) {
  Statement query(store.database(),
                  "SELECT kind, verdict, phase, plan FROM cycles "
                  "WHERE campaign=? AND verdict NOT NULL ORDER BY cycle_index");
  query.with(tallies[which].campaign.value);
  while (query.step()) {
    const std::string kind = query.text(0);
    const Verdict verdict = verdict_in(store.database(), query.text(1));
    if (kind == name_of(CycleKind::control)) tallies[which].controls.add(verdict);
    if (kind == name_of(CycleKind::run)) tallies[which].runs.add(verdict);
    if (kind != name_of(CycleKind::cut)) continue;
    const Outcome outcome{which, verdict, query.text(2)};
    const auto [known, fresh] =
        outcomes.try_emplace(std::hash<std::string>()(query.text(3)), outcome);
    if (fresh) continue;
    ++tallies[which].repeated;
    if (rank_of(verdict) <= rank_of(known->second.verdict)) continue;
    known->second.verdict = verdict;
    known->second.phase = outcome.phase;
  }
}

constexpr std::uint8_t kPassed = 1;
constexpr std::uint8_t kFailed = 2;

std::uint8_t side_of(Verdict verdict) {
  const VerdictClass outcome = record::class_of(verdict);
  if (outcome == VerdictClass::no_trial) return 0;
  return outcome == VerdictClass::pass ? kPassed : kFailed;
}

// Hands every finished cut of a campaign to `take`: cycle, verdict, plan.
template <typename Take>
void each_cut(Store& store, CampaignId campaign, const Take& take) {
  Statement query(store.database(),
                  "SELECT id, verdict, plan FROM cycles WHERE campaign=? AND kind='cut' AND "
                  "verdict NOT NULL ORDER BY id");
  query.with(campaign.value);
  while (query.step()) {
    take(CycleId{query.integer(0)}, verdict_in(store.database(), query.text(1)), query.text(2));
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
  Tally found{.campaign = campaign};
  Statement query(store.database(),
                  "SELECT kind, verdict, phase, count(*) FROM cycles "
                  "WHERE campaign=? AND verdict NOT NULL GROUP BY kind, verdict, phase "
                  "ORDER BY min(cut_at_us)");
  query.with(campaign.value);
  while (query.step()) {
    const std::string kind = query.text(0);
    const Verdict verdict = verdict_in(store.database(), query.text(1));
    const std::uint64_t count = query.count(3);
    if (kind == name_of(CycleKind::control)) found.controls.add(verdict, count);
    if (kind == name_of(CycleKind::run)) found.runs.add(verdict, count);
    if (kind != name_of(CycleKind::cut)) continue;
    counts_of_phase(found, query.text(2)).counts.add(verdict, count);
  }
  return found;
}

std::vector<Tally> tallies_of_distinct(Store& store, std::span<const CampaignId> campaigns) {
  std::vector<Tally> tallies;
  Outcomes outcomes;
  for (const CampaignId id : campaigns) tallies.push_back({.campaign = id});
  for (std::size_t i = 0; i < tallies.size(); ++i) read_plans(store, tallies, i, outcomes);
  for (const auto& [hash, outcome] : outcomes) {
    counts_of_phase(tallies[outcome.tally], outcome.phase).counts.add(outcome.verdict);
  }
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
  for (const CampaignId id : campaigns) {
    each_cut(store, id, [&](CycleId, Verdict verdict, const std::string& plan) {
      sides[std::hash<std::string>()(plan)] |= side_of(verdict);
    });
  }
  std::erase_if(sides, [](const auto& each) { return each.second != (kPassed | kFailed); });
  std::vector<MixedPlan> mixed;
  if (sides.empty()) return mixed;
  for (const CampaignId id : campaigns) {
    each_cut(store, id, [&](CycleId cycle, Verdict verdict, const std::string& plan) {
      if (!sides.contains(std::hash<std::string>()(plan))) return;
      auto known = std::find_if(mixed.begin(), mixed.end(),
                                [&](const MixedPlan& each) { return each.plan == plan; });
      if (known == mixed.end()) known = mixed.insert(mixed.end(), {.plan = plan});
      known->attempts.push_back({cycle, verdict});
    });
  }
  return mixed;
}

}  // namespace rig::store
