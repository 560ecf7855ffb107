#include "gate/gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/rig_error.h"
#include "scenario/yaml_reader.h"
#include "store/exploration_rows.h"
#include "store/tally.h"

namespace rig::gate {
namespace {

using store::Campaign;
using store::CampaignRole;
using store::Tally;

using Versions = std::map<std::string, std::string>;

// The plain entries of one section of a stored scenario. It was read strictly when it ran; here a
// text that cannot be read, as an older version may have left it, has nothing to say.
Versions versions_under(const std::string& yaml, const std::string& key) {
  Versions versions;
  try {
    for (const auto& [name, section] : scenario::parse_yaml(yaml, "stored").entries()) {
      if (name != key || !section.is_map()) continue;
      for (const auto& [module, version] : section.entries()) {
        if (version.is_text()) versions[module] = version.text();
      }
    }
  } catch (const base::UsageError&) {
    return {};
  }
  return versions;
}

bool holds(const Versions& there, const Versions& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& each) {
    const auto found = there.find(each.first);
    return found != there.end() && found->second == each.second;
  });
}

bool is_wanted(const FirmwareRule& rule, const Campaign& campaign) {
  if (!rule.name.empty() && campaign.firmware != rule.name) return false;
  if (!campaign.firmware_hash.starts_with(rule.hash)) return false;
  return (rule.from.empty() ||
          holds(versions_under(campaign.scenario_yaml, "provision"), rule.from)) &&
         (rule.to.empty() || holds(versions_under(campaign.scenario_yaml, "update"), rule.to));
}

bool is_board(const Policy& policy, const Campaign& campaign) {
  const std::vector<std::string> kinds = policy.boards.value_or(BoardsRule{}).kinds;
  const bool counts = std::find(kinds.begin(), kinds.end(), campaign.board) != kinds.end();
  return counts && (campaign.board == "serial" || !campaign.board_name.empty());
}

// Keeps the latest build of every scenario on every kind of board.
std::vector<Campaign> latest_builds(std::vector<Campaign> campaigns, std::vector<Build>& builds) {
  std::map<std::pair<std::string, std::string>, std::size_t> latest;  // oldest first: the last wins
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    latest[{campaigns[i].scenario, campaigns[i].board}] = i;
  }
  std::map<std::pair<std::string, std::string>, std::size_t> build_of;
  for (const auto& [key, at] : latest) {
    build_of[key] = builds.size();
    builds.push_back({.scenario = key.first,
                      .board = key.second,
                      .firmware = campaigns[at].firmware,
                      .hash = campaigns[at].firmware_hash,
                      .pair = pair_text(campaigns[at].scenario_yaml)});
  }
  std::erase_if(campaigns, [&](const Campaign& each) {
    Build& build = builds[build_of.at({each.scenario, each.board})];
    const bool older = each.firmware_hash != build.hash;
    if (older) ++build.older_left_out;
    return older;
  });
  return campaigns;
}

// Campaigns that may have made the same cuts: the same seed, in different commands.
using Origin = std::tuple<std::string, std::string, std::string, std::uint64_t>;
using Places = std::vector<std::size_t>;  // in a list of campaigns

std::map<Origin, Places> places_by_origin(const std::vector<Campaign>& campaigns) {
  std::map<Origin, Places> places;
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    const Campaign& each = campaigns[i];
    places[{each.scenario, each.firmware_hash, each.board, each.seed}].push_back(i);
  }
  return places;
}

bool may_repeat(const std::vector<Campaign>& campaigns, const Places& places) {
  if (places.size() < 2 || campaigns[places.front()].board != "sim") return false;
  std::set<std::string> batches;
  for (const std::size_t i : places) batches.insert(campaigns[i].batch);
  return batches.size() > 1 || batches.contains("");
}

class Gatherer {
 public:
  Gatherer(store::Store& store, const Policy& policy) : store_(store), policy_(policy) {}

  void take(const std::vector<Campaign>& campaigns);
  void take_known_bad(const Campaign& campaign);
  Evidence& evidence() { return evidence_; }

 private:
  void take(const Campaign& campaign, const Tally& tally);
  Tried& tried(const std::string& scenario);

  store::Store& store_;
  const Policy& policy_;
  Evidence evidence_;
  std::vector<store::CampaignId> emulated_;
  std::vector<store::CampaignId> boards_;
};

Tried& Gatherer::tried(const std::string& scenario) {
  auto& all = evidence_.tried;
  auto found = std::find_if(all.begin(), all.end(),
                            [&](const Tried& each) { return each.scenario == scenario; });
  if (found == all.end()) found = all.insert(all.end(), {.scenario = scenario});
  return *found;
}

void Gatherer::take(const std::vector<Campaign>& campaigns) {
  const std::vector<Tally> tallies = tallies_of(store_, campaigns);
  for (std::size_t i = 0; i < campaigns.size(); ++i) take(campaigns[i], tallies[i]);
  evidence_.emulated.cut_times_us = store::cut_times_us(store_, emulated_);
  evidence_.boards.cut_times_us = store::cut_times_us(store_, boards_);
}

void Gatherer::take(const Campaign& campaign, const Tally& tally) {
  const bool on_board = is_board(policy_, campaign);
  Part& part = on_board ? evidence_.boards : evidence_.emulated;
  (on_board ? boards_ : emulated_).push_back(campaign.id);
  const Count cuts = count_in(tally.cuts());
  part.cuts.add(cuts);
  part.repeated += tally.repeated;
  for (const store::PhaseCounts& phase : tally.phases) {
    add_to(part.phases, phase.phase, count_in(phase.counts));
  }
  if (cuts.trials + cuts.missed > 0) add_to(part.boards, board_label(campaign), cuts);
  if (!on_board && campaign.points_planned > 0) {
    // Of an exploration the cells count: its cycles are examples of them.
    const auto explored = store::explored(store_, campaign.id);
    part.coverage.push_back({.scenario = campaign.scenario,
                             .decided = explored ? explored->decided : cuts.trials + tally.repeated,
                             .planned = explored ? explored->cells : campaign.points_planned,
                             .flash_ops = campaign.flash_ops_total});
  }
  tried(campaign.scenario).cuts.add(cuts);
  const Controls controls = controls_in(tally);
  evidence_.controls.clean += controls.clean;
  evidence_.controls.failed += controls.failed;
  evidence_.controls.missed += controls.missed;
  tried(campaign.scenario).clean_runs += tally.runs.of(record::VerdictClass::pass);
  if (cuts.failures > 0 && evidence_.worst_plan.empty()) {
    evidence_.worst_plan = store::worst_plan(store_, campaign.id);
  }
}

void Gatherer::take_known_bad(const Campaign& campaign) {
  const Tally tally = store::tally(store_, campaign.id);
  const Count cuts = count_in(tally.cuts());
  const Controls uncut = controls_in(tally);
  auto& all = evidence_.known_bad;
  auto found = std::find_if(all.begin(), all.end(), [&](const KnownBad& each) {
    return each.scenario == campaign.scenario;
  });
  if (found == all.end()) found = all.insert(all.end(), {.scenario = campaign.scenario});
  found->failures += cuts.failures + uncut.failed;
  found->trials += cuts.trials + uncut.clean + uncut.failed;
}

// Of several sweeps of a scenario, the one that decided most.
void keep_best_sweeps(std::vector<Coverage>& coverage) {
  std::stable_sort(coverage.begin(), coverage.end(), [](const Coverage& a, const Coverage& b) {
    if (a.scenario != b.scenario) return a.scenario < b.scenario;
    return a.decided * b.planned > b.decided * a.planned;
  });
  const auto end =
      std::unique(coverage.begin(), coverage.end(),
                  [](const Coverage& a, const Coverage& b) { return a.scenario == b.scenario; });
  coverage.erase(end, coverage.end());
}

}  // namespace

Count count_in(const store::VerdictCounts& counts) {
  return {.failures = counts.failures(),
          .trials = counts.trials(),
          .missed = counts.of(record::VerdictClass::no_trial)};
}

Controls controls_in(const Tally& tally) {
  const std::uint64_t broken = tally.controls.of(record::Verdict::flaky_baseline);
  const Count runs = count_in(tally.runs);
  return {.clean = tally.controls.of(record::VerdictClass::pass) + runs.trials - runs.failures,
          .failed = broken + tally.controls.failures() + runs.failures,
          .missed = tally.controls.of(record::VerdictClass::no_trial) - broken + runs.missed};
}

std::vector<Tally> tallies_of(store::Store& store, const std::vector<Campaign>& campaigns) {
  std::vector<Tally> tallies(campaigns.size());
  Places repeating;
  for (const auto& [origin, places] : places_by_origin(campaigns)) {
    if (may_repeat(campaigns, places)) {
      repeating.insert(repeating.end(), places.begin(), places.end());
    } else {
      for (const std::size_t i : places) tallies[i] = store::tally(store, campaigns[i].id);
    }
  }
  // All at once, because all rows are read: a plan id names its scenario, build and seed.
  std::vector<store::CampaignId> ids;
  for (const std::size_t i : repeating) ids.push_back(campaigns[i].id);
  auto distinct = store::tallies_of_distinct(store, ids);
  for (std::size_t i = 0; i < ids.size(); ++i) tallies[repeating[i]] = std::move(distinct[i]);
  return tallies;
}

std::string pair_text(const std::string& scenario_yaml) {
  const Versions from = versions_under(scenario_yaml, "provision");
  const Versions to = versions_under(scenario_yaml, "update");
  std::string text;
  for (const char* module : {"user_app", "system", "bootloader"}) {
    const auto old = from.find(module);
    const auto next = to.find(module);
    if (next == to.end()) continue;
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", module,
                        old == from.end() ? "" : old->second + " -> ", next->second);
  }
  return text;
}

Evidence gather(store::Store& store, const Policy& policy, Selection selection) {
  selection.scenarios = policy.scenarios;
  std::vector<Campaign> trials;
  std::vector<Campaign> known_bad;
  for (Campaign& campaign : select(store, selection)) {
    if (campaign.role == CampaignRole::known_bad) {
      known_bad.push_back(std::move(campaign));
    } else if (is_wanted(policy.firmware, campaign)) {
      trials.push_back(std::move(campaign));
    }
  }
  Gatherer gatherer(store, policy);
  trials = latest_builds(std::move(trials), gatherer.evidence().builds);
  gatherer.take(trials);
  std::set<std::string> nights;
  for (const Campaign& each : trials) nights.insert(each.batch);
  nights.erase("");
  for (const Campaign& each : known_bad) {
    if (nights.contains(each.batch)) gatherer.take_known_bad(each);
  }
  Evidence evidence = std::move(gatherer.evidence());
  keep_best_sweeps(evidence.emulated.coverage);
  return evidence;
}

}  // namespace rig::gate
