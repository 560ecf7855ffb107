#include "gate/history.h"

#include <algorithm>
#include <map>
#include <set>

#include "gate/gather.h"
#include "statistics/binomial.h"

namespace rig::gate {
namespace {

using store::Campaign;
using store::Tally;

constexpr double kStandsOut = 0.01;

void add_controls(Controls& sum, const Controls& more) {
  sum.clean += more.clean;
  sum.failed += more.failed;
  sum.missed += more.missed;
}

std::string night_name(const Campaign& campaign) {
  return campaign.batch.empty() ? "campaign " + std::to_string(campaign.id.value) : campaign.batch;
}

std::string build_name(const Campaign& campaign) {
  return campaign.firmware + "@" + campaign.firmware_hash;
}

void add_night(ScenarioHistory& history, const Campaign& campaign, const Tally& tally) {
  const std::string name = night_name(campaign);
  const std::string build = build_name(campaign);
  auto night = std::find_if(history.nights.begin(), history.nights.end(), [&](const Night& each) {
    return each.name == name && each.build == build;
  });
  if (night == history.nights.end()) {
    night = history.nights.insert(
        history.nights.end(),
        {.name = name, .started_unix_us = campaign.started_unix_us, .build = build});
  }
  night->cuts.add(count_in(tally.cuts()));
  add_controls(night->controls, controls_in(tally));
  night->campaigns.push_back(campaign.id);
}

ScenarioHistory& history_in(std::vector<ScenarioHistory>& all, const Campaign& campaign) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const ScenarioHistory& each) {
    return each.scenario == campaign.scenario && each.board == campaign.board;
  });
  if (found != all.end()) return *found;
  return all.emplace_back(ScenarioHistory{.scenario = campaign.scenario, .board = campaign.board});
}

UnsteadyBoard& board_in(std::vector<UnsteadyBoard>& all, const std::string& board) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const UnsteadyBoard& each) { return each.board == board; });
  return found == all.end() ? all.emplace_back(UnsteadyBoard{.board = board}) : *found;
}

// Cycles that gave no result: the cut missed, the rig failed, the update failed without a cut.
statistics::Sample without_result(const UnsteadyBoard& board) {
  const std::uint64_t none = board.cuts.missed + board.controls.missed + board.controls.failed;
  return {none, none + board.cuts.trials + board.controls.clean};
}

// The last decided nights that are bad, back to the first of them, and the good one before.
void find_change(ScenarioHistory& history) {
  for (std::size_t i = history.nights.size(); i-- > 0;) {
    const Night& night = history.nights[i];
    if (!night.decided()) continue;
    if (!night.bad()) {
      if (history.first_bad) history.last_good = i;
      return;
    }
    history.first_bad = i;
  }
}

bool is_mixed(const Controls& controls) { return controls.clean > 0 && controls.failed > 0; }

}  // namespace

void conclude(ScenarioHistory& history) {
  std::vector<statistics::Sample> samples;
  std::map<std::string, Controls> by_build;
  for (const Night& night : history.nights) {
    if (night.cuts.trials > 0) samples.push_back(night.cuts.sample());
    add_controls(by_build[night.build], night.controls);
  }
  history.trend = statistics::trend(samples);
  find_change(history);
  history.flaky_baseline = std::any_of(by_build.begin(), by_build.end(),
                                       [](const auto& each) { return is_mixed(each.second); });
}

std::vector<UnsteadyBoard> unsteady(std::vector<UnsteadyBoard> boards) {
  statistics::Sample all;
  for (const UnsteadyBoard& each : boards) {
    all.failures += without_result(each).failures;
    all.trials += without_result(each).trials;
  }
  std::vector<double> p_values;
  for (const UnsteadyBoard& each : boards) {
    const statistics::Sample own = without_result(each);
    const statistics::Sample others{all.failures - own.failures, all.trials - own.trials};
    const bool more = own.failures * others.trials > others.failures * own.trials;
    p_values.push_back(more ? statistics::fisher_exact({others, own}) : 1);
  }
  const std::vector<double> together = statistics::holm(p_values);
  for (std::size_t i = 0; i < boards.size(); ++i) boards[i].p_value = together[i];
  std::erase_if(boards, [](const UnsteadyBoard& each) {
    return each.p_value > kStandsOut && !is_mixed(each.controls);
  });
  std::stable_sort(
      boards.begin(), boards.end(),
      [](const UnsteadyBoard& a, const UnsteadyBoard& b) { return a.p_value < b.p_value; });
  return boards;
}

History history_of(store::Store& store, const Selection& selection) {
  std::vector<Campaign> campaigns = select(store, selection);
  std::erase_if(campaigns,
                [](const Campaign& each) { return each.role == store::CampaignRole::known_bad; });
  History history;
  std::vector<UnsteadyBoard> boards;
  for (const Campaign& campaign : campaigns) {
    const Tally tally = store::tally(store, campaign.id);
    add_night(history_in(history.scenarios, campaign), campaign, tally);
    UnsteadyBoard& board = board_in(boards, board_label(campaign));
    board.cuts.add(count_in(tally.cuts()));
    add_controls(board.controls, controls_in(tally));
  }
  for (ScenarioHistory& each : history.scenarios) {
    conclude(each);
    std::vector<store::CampaignId> ids;
    for (const Night& night : each.nights) {
      ids.insert(ids.end(), night.campaigns.begin(), night.campaigns.end());
    }
    each.mixed = store::mixed_plans(store, ids);
  }
  history.boards = unsteady(std::move(boards));
  return history;
}

}  // namespace rig::gate
