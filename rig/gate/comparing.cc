#include "gate/comparing.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/rig_error.h"
#include "base/suggestion.h"
#include "gate/gather.h"

namespace rig::gate {
namespace {

ScenarioCounts* find_scenario(std::vector<ScenarioCounts>& all, const std::string& name) {
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const ScenarioCounts& each) { return each.scenario == name; });
  return found == all.end() ? nullptr : &*found;
}

const ScenarioCounts* find_scenario(const std::vector<ScenarioCounts>& all,
                                    const std::string& name) {
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const ScenarioCounts& each) { return each.scenario == name; });
  return found == all.end() ? nullptr : &*found;
}

void add_tally(std::vector<ScenarioCounts>& all, const std::string& scenario,
               const store::Tally& tally) {
  ScenarioCounts* counts = find_scenario(all, scenario);
  if (counts == nullptr) counts = &all.emplace_back(ScenarioCounts{.scenario = scenario});
  counts->cuts.add(count_in(tally.cuts()));
  for (const store::PhaseCounts& phase : tally.phases) {
    add_to(counts->phases, phase.phase, count_in(phase.counts));
  }
}

ComparedRow row_of(const ScenarioCounts& before, const ScenarioCounts& after,
                   const std::string& phase) {
  ComparedRow row{.scenario = before.scenario == after.scenario
                                  ? before.scenario
                                  : before.scenario + " against " + after.scenario,
                  .phase = phase};
  row.before = phase.empty() ? before.cuts : count_of(before.phases, phase);
  row.after = phase.empty() ? after.cuts : count_of(after.phases, phase);
  return row;
}

// Phases in which both sides have a trial; the others are shown as they are, untested.
void add_rows(Comparison& comparison, const ScenarioCounts& before, const ScenarioCounts& after) {
  comparison.rows.push_back(row_of(before, after, ""));
  std::vector<std::string> phases;
  for (const auto* side : {&before, &after}) {
    for (const NamedCount& each : side->phases) {
      const bool known = std::find(phases.begin(), phases.end(), each.name) != phases.end();
      if (!known && each.count.trials > 0) phases.push_back(each.name);
    }
  }
  for (const std::string& phase : phases) comparison.rows.push_back(row_of(before, after, phase));
}

bool is_tested(const ComparedRow& row) { return row.before.trials > 0 && row.after.trials > 0; }

double rate(const Count& count) {
  return static_cast<double>(count.failures) / static_cast<double>(count.trials);
}

void test_rows(Comparison& comparison) {
  std::vector<double> p_values;
  for (ComparedRow& row : comparison.rows) {
    if (!is_tested(row)) continue;
    const statistics::Pair pair{row.before.sample(), row.after.sample()};
    row.p_value = statistics::fisher_exact(pair);
    row.difference = statistics::difference(pair, comparison.confidence);
    p_values.push_back(row.p_value);
  }
  const std::vector<double> together = statistics::holm(p_values);
  auto next = together.begin();
  for (ComparedRow& row : comparison.rows) {
    if (!is_tested(row)) continue;
    row.p_together = *next++;
    if (row.p_together > 1 - comparison.confidence) continue;
    row.change = rate(row.after) > rate(row.before) ? Change::worse : Change::better;
    comparison.change = std::max(comparison.change, row.change);
  }
}

void refuse_overlap(const Side& before, const Side& after) {
  for (const store::CampaignId id : before.campaigns) {
    if (std::find(after.campaigns.begin(), after.campaigns.end(), id) == after.campaigns.end()) {
      continue;
    }
    throw base::UsageError(
        fmt::format("compare: campaign {} is on both sides, {} and {}; name two that have nothing "
                    "in common",
                    id.value, before.name, after.name));
  }
}

std::vector<std::string> scenario_names(const Side& side) {
  std::vector<std::string> names;
  for (const ScenarioCounts& each : side.scenarios) names.push_back(each.scenario);
  return names;
}

void pair_scenarios(Comparison& comparison, const Side& before, const Side& after) {
  for (const ScenarioCounts& each : before.scenarios) {
    const ScenarioCounts* other = find_scenario(after.scenarios, each.scenario);
    if (other != nullptr) {
      add_rows(comparison, each, *other);
    } else {
      comparison.only_before.push_back(each.scenario);
    }
  }
  for (const ScenarioCounts& each : after.scenarios) {
    if (find_scenario(before.scenarios, each.scenario) == nullptr) {
      comparison.only_after.push_back(each.scenario);
    }
  }
  if (!comparison.rows.empty()) return;
  if (before.scenarios.size() == 1 && after.scenarios.size() == 1) {
    add_rows(comparison, before.scenarios.front(), after.scenarios.front());
    comparison.only_before.clear();
    comparison.only_after.clear();
    return;
  }
  throw base::UsageError(fmt::format(
      "compare: {} and {} have no scenario in common; there are: {}; and: {}", before.name,
      after.name, base::joined(scenario_names(before)), base::joined(scenario_names(after))));
}

std::string count_text(const Count& count) {
  return fmt::format("{} of {}", count.failures, count.trials);
}

std::string untested_text(const Count& count) {
  return count.trials == 0 ? "no cut landed" : count_text(count) + " fail";
}

std::string row_text(const ComparedRow& row) {
  const std::string what = row.scenario + (row.phase.empty() ? "" : ", " + row.phase);
  if (!is_tested(row)) {
    return fmt::format("  {:<7}{}: {} -> {}\n", "", what, untested_text(row.before),
                       untested_text(row.after));
  }
  return fmt::format(
      "  {:<7}{}: {} -> {} fail, {:+.3g} % ({:+.3g} to {:+.3g} %), p {:.2g}, "
      "together {:.2g}\n",
      name_of(row.change), what, count_text(row.before), count_text(row.after),
      (rate(row.after) - rate(row.before)) * 100, row.difference.low * 100,
      row.difference.high * 100, row.p_value, row.p_together);
}

nlohmann::json count_json(const Count& count) {
  return {{"failures", count.failures}, {"trials", count.trials}, {"missed", count.missed}};
}

}  // namespace

std::string_view name_of(Change change) {
  switch (change) {
    case Change::none:
      return "same";
    case Change::better:
      return "better";
    case Change::worse:
      return "worse";
  }
  return "";
}

Side side_of(store::Store& store, const std::string& name) {
  std::vector<store::Campaign> campaigns = select(store, name);
  std::erase_if(campaigns, [](const store::Campaign& each) {
    return each.role == store::CampaignRole::known_bad;
  });
  Side side{.name = name};
  const std::vector<store::Tally> tallies = tallies_of(store, campaigns);
  std::set<std::string> builds;
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    side.campaigns.push_back(campaigns[i].id);
    add_tally(side.scenarios, campaigns[i].scenario, tallies[i]);
    builds.insert(campaigns[i].firmware + "@" + campaigns[i].firmware_hash);
  }
  side.builds = base::joined({builds.begin(), builds.end()});
  return side;
}

Comparison compare(const Side& before, const Side& after, double confidence) {
  refuse_overlap(before, after);
  Comparison comparison{.before = fmt::format("{} ({})", before.name, before.builds),
                        .after = fmt::format("{} ({})", after.name, after.builds),
                        .confidence = confidence};
  pair_scenarios(comparison, before, after);
  test_rows(comparison);
  return comparison;
}

std::string to_text(const Comparison& comparison) {
  std::string text =
      fmt::format("from {}\n  to {}: {}\n", comparison.before, comparison.after,
                  comparison.change == Change::none ? "no difference that could not be chance"
                                                    : name_of(comparison.change));
  for (const ComparedRow& row : comparison.rows) text += row_text(row);
  for (const std::string& name : comparison.only_before) text += fmt::format("  gone   {}\n", name);
  for (const std::string& name : comparison.only_after) text += fmt::format("  new    {}\n", name);
  const auto tests = std::count_if(comparison.rows.begin(), comparison.rows.end(), is_tested);
  return text + fmt::format(
                    "note: Fisher's exact test in each of {} rows; 'together' is Holm's correction "
                    "for having made them all, and decides at {:.3g} %; intervals are Newcombe's\n",
                    tests, (1 - comparison.confidence) * 100);
}

std::string to_json(const Comparison& comparison) {
  nlohmann::json rows = nlohmann::json::array();
  for (const ComparedRow& row : comparison.rows) {
    rows.push_back({{"scenario", row.scenario},
                    {"phase", row.phase},
                    {"before", count_json(row.before)},
                    {"after", count_json(row.after)},
                    {"tested", is_tested(row)},
                    {"p", row.p_value},
                    {"p_together", row.p_together},
                    {"difference", {row.difference.low, row.difference.high}},
                    {"change", name_of(row.change)}});
  }
  const nlohmann::json object = {{"before", comparison.before},
                                 {"after", comparison.after},
                                 {"confidence", comparison.confidence},
                                 {"change", name_of(comparison.change)},
                                 {"rows", rows},
                                 {"only_before", comparison.only_before},
                                 {"only_after", comparison.only_after}};
  return object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace rig::gate
