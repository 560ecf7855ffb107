#include "cli/soaking.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/rig_error.h"
#include "cli/recorder.h"
#include "cli/soak_real.h"
#include "cli/workspace.h"

namespace rig::cli {
namespace {

using campaign::Draw;
using campaign::NightScenario;

constexpr const char* kSimBench = "sim";

NightScenario loaded(const Invocation& invocation, const std::string& name) {
  Workspace workspace = open_scenario(invocation, name);
  return {.scenario = std::move(workspace.scenario), .library = std::move(workspace.library)};
}

campaign::Entry entry_of(const scenario::Scenario& scenario) {
  campaign::Entry entry;
  entry.scenario = scenario.id;
  entry.cut = scenario.cut;
  return entry;
}

bool cuts_operations(const scenario::Scenario& scenario) {
  const auto* sweep = std::get_if<scenario::Sweep>(&scenario.cut);
  return sweep != nullptr && sweep->over == scenario::SweepOver::flash_op;
}

bool is_sim(const NightScenario& night) { return night.scenario.board.kind == "sim"; }

// Where the cuts of a scenario may fall, from a control run of its own kind of board.
campaign::Survey surveyed(const NightScenario& night, std::uint64_t seed, SoakOptions& options,
                          const Surveying& surveying) {
  if (is_sim(night)) return campaign::survey(board::SimBench(night.scenario, night.library), seed);
  const auto known = options.strata.find(night.scenario.id);
  if (known != options.strata.end()) {
    return {.strata = strata_from(known->second), .operations = 0, .why = {}};
  }
  std::string why;
  const RealBoard* real = surveying.real.board_for(night.scenario, why);
  RIG_ASSERT(real != nullptr);
  campaign::Survey survey = survey_on(surveying.store, night, *real, seed);
  if (survey.why.empty()) options.strata[night.scenario.id] = strata_text(survey.strata);
  return survey;
}

void require_a_board(const NightScenario& night, const Surveying& surveying) {
  if (is_sim(night) && surveying.on_sim) return;
  std::string why = "there is no bench: name it with --bench";
  if (surveying.real.board_for(night.scenario, why) != nullptr) return;
  throw base::UsageError(
      fmt::format("{}: no board of this soak can run it: {}", night.scenario.file.string(), why));
}

// What preparing a night goes by and fills.
struct Preparing {
  const Invocation& invocation;
  SoakOptions& options;
  const Surveying& surveying;
  NightParts& parts;
};

void add_known_bad(const Preparing& to, campaign::Entry& entry, const scenario::Scenario& of) {
  if (of.known_bad.empty()) return;
  std::vector<NightScenario>& all = to.parts.bad;
  const auto known = std::find_if(all.begin(), all.end(), [&](const NightScenario& each) {
    return each.scenario.id == of.known_bad;
  });
  entry.known_bad = static_cast<std::size_t>(known - all.begin());
  if (known != all.end()) return;
  NightScenario bad = loaded(to.invocation, of.known_bad);
  campaign::Entry& place = to.parts.night.known_bad.emplace_back(entry_of(bad.scenario));
  place.by_operation = cuts_operations(bad.scenario) && to.surveying.on_sim;
  if (std::holds_alternative<scenario::Sweep>(bad.scenario.cut)) {
    place.strata = surveyed(bad, to.parts.night.seed, to.options, to.surveying).strata;
    // Without cuts to make, its run without a cut is what has to fail.
    if (place.strata.empty()) place.cut = std::monostate();
  }
  all.push_back(std::move(bad));
}

void add_scenario(const Preparing& to, const std::string& name, std::uint32_t weight) {
  NightScenario night = loaded(to.invocation, name);
  require_a_board(night, to.surveying);
  campaign::Survey survey = surveyed(night, to.parts.night.seed, to.options, to.surveying);
  if (survey.why.empty() && survey.strata.empty()) survey.why = "its update has no phases";
  if (!survey.why.empty()) {
    to.parts.left_out.push_back(
        {night.scenario.id, "the control run without a cut fails: " + survey.why});
    return;
  }
  campaign::Entry entry = entry_of(night.scenario);
  entry.weight = weight;
  entry.by_operation = cuts_operations(night.scenario) && to.surveying.on_sim;
  entry.strata = std::move(survey.strata);
  if (is_sim(night) && !to.options.links.empty()) {
    entry.links = to.options.links;
    std::replace(entry.links.begin(), entry.links.end(), std::string("own"), std::string());
  }
  add_known_bad(to, entry, night.scenario);
  to.parts.night.entries.push_back(std::move(entry));
  to.parts.trials.push_back(std::move(night));
}

void load_benches(NightParts& parts) {
  for (std::size_t i = 0; i < parts.trials.size(); ++i) {
    if (is_sim(parts.trials[i])) {
      parts.trial_benches.add(i, parts.trials[i], parts.night.entries[i].links);
    }
  }
  for (std::size_t i = 0; i < parts.bad.size(); ++i) {
    if (is_sim(parts.bad[i])) parts.bad_benches.add(i, parts.bad[i], {});
  }
}

const board::SimBench& bench_of(const NightParts& parts, const Draw& draw) {
  return (draw.known_bad ? parts.bad_benches : parts.trial_benches).at(draw.entry, draw.link);
}

// "sim-03": two digits, so that names sort.
std::string sim_name(unsigned number) { return fmt::format("sim-{:02}", number); }

}  // namespace

NightParts prepare_night(const Invocation& invocation, SoakOptions& options, std::uint64_t seed,
                         const Surveying& surveying) {
  NightParts parts;
  parts.night.seed = seed;
  parts.night.control_every = options.control_every;
  const Preparing to{invocation, options, surveying, parts};
  for (std::size_t i = 0; i < options.scenarios.size(); ++i) {
    add_scenario(to, options.scenarios[i], options.weights.empty() ? 1 : options.weights[i]);
  }
  load_benches(parts);
  return parts;
}

std::vector<campaign::SoakBoard> sim_boards(const NightParts& parts, unsigned count,
                                            const store::SoakStart& soak) {
  std::vector<campaign::SoakBoard> boards;
  for (unsigned i = 1; i <= count; ++i) {
    campaign::SoakBoard& board = boards.emplace_back();
    board.name = sim_name(i);
    board.bench = kSimBench;
    board.work = [&parts](const campaign::Order& order) {
      return campaign::run_on_sim(bench_of(parts, order.draw), order);
    };
    board.can = [&parts](const Draw& draw) {
      return is_sim((draw.known_bad ? parts.bad : parts.trials)[draw.entry]);
    };
    board.plan = [&parts](const Draw& draw) {
      return campaign::plan_text(bench_of(parts, draw), draw);
    };
    board.campaign = [&parts, name = board.name, soak](const Draw& draw) {
      store::CampaignStart start = campaign_of(bench_of(parts, draw), soak.seed, soak.batch);
      start.board_name = name;
      start.role = draw.known_bad ? store::CampaignRole::known_bad : store::CampaignRole::trial;
      return start;
    };
  }
  return boards;
}

void respect_quarantine(store::Store& store, std::vector<campaign::SoakBoard>& boards) {
  for (const store::BoardState& state : store::board_states(store)) {
    if (state.condition != store::BoardCondition::quarantined) continue;
    for (campaign::SoakBoard& board : boards) {
      if (board.bench == state.bench && board.name == state.board) {
        board.quarantined = state.reason;
      }
    }
  }
}

void require_same_night(store::Store& store, const NightParts& parts, const std::string& batch) {
  const auto check = [&](const store::Campaign& known, const board::SimBench& bench) {
    if (known.firmware_hash != bench.manifest().hash) {
      throw base::UsageError(fmt::format(
          "soak '{}' was begun with firmware {} of '{}', here it is {}: build the same firmware, "
          "name its folder with --firmware, or begin another night",
          batch, known.firmware_hash, known.firmware, bench.manifest().hash));
    }
    if (known.scenario_yaml != read_text(bench.scenario().file)) {
      throw base::UsageError(
          fmt::format("{}: the scenario was changed since soak '{}' began; put it back, or begin "
                      "another night",
                      bench.scenario().file.string(), batch));
    }
  };
  for (const store::Campaign& known : store.batch(batch)) {
    const bool bad = known.role == store::CampaignRole::known_bad;
    const auto& entries = bad ? parts.night.known_bad : parts.night.entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].scenario != known.scenario || known.board != "sim") continue;
      check(known, (bad ? parts.bad_benches : parts.trial_benches).at(i, ""));
    }
  }
}

}  // namespace rig::cli
