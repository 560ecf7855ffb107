#include "cli/soak_real.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/rig_error.h"
#include "cli/drivers.h"
#include "cli/paths.h"
#include "cli/real_run.h"
#include "scenario/fixtures.h"
#include "scenario/serial_rules.h"

namespace rig::cli {
namespace {

using campaign::Draw;
using campaign::NightScenario;
using campaign::Order;

constexpr base::Duration kMargin = std::chrono::minutes(10);

const NightScenario& scenario_of(const NightParts& parts, const Draw& draw) {
  return (draw.known_bad ? parts.bad : parts.trials)[draw.entry];
}

Workspace workspace_of(const NightParts& parts, const Draw& draw) {
  const NightScenario& night = scenario_of(parts, draw);
  Workspace workspace{.library = night.library, .scenario = night.scenario};
  if (!draw.link.empty()) {
    workspace.scenario.link = scenario::load_link(workspace.library, draw.link);
  }
  return workspace;
}

// Every wait of a cycle at its longest, and the rig's own work.
base::Duration longest(const scenario::Scenario& scenario) {
  const scenario::Expect& expect = scenario.expect;
  const auto waits = static_cast<int>(scenario.clean_reboots) + 3;
  return waits * expect.online_within + 2 * expect.update_finishes_within + kMargin;
}

campaign::Answer run_on(RealStation& station, const NightParts& parts, RunningCycles& all,
                        const Order& order) {
  const auto running =
      [&, known = static_cast<board::RealCycle*>(nullptr)](board::RealCycle* cycle) mutable {
        if (cycle == nullptr) {
          station.running.ended(*known);
          return all.ended(*known);
        }
        known = cycle;
        station.running.began(*cycle);
        all.began(*cycle);
      };
  const RealRun run = carry_out(workspace_of(parts, order.draw), station.real,
                                {.cut = order.draw.cut,
                                 .seed = order.draw.seed,
                                 .control = order.draw.kind == store::CycleKind::control,
                                 .running = running});
  campaign::Answer answer;
  answer.index = order.index;
  answer.abandoned = run.interrupted;
  if (run.interrupted) return answer;
  answer.outcome = outcome_of(run);
  answer.timeline = store::pack(run.timeline);
  answer.offered = campaign::offers_update(run.timeline);
  return answer;
}

}  // namespace

void RunningCycles::began(board::RealCycle& cycle) {
  const std::lock_guard lock(mutex_);
  running_.insert(&cycle);
  if (interrupted_) cycle.interrupt();
}

void RunningCycles::ended(board::RealCycle& cycle) {
  const std::lock_guard lock(mutex_);
  running_.erase(&cycle);
}

void RunningCycles::interrupt_all() {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  for (board::RealCycle* cycle : running_) cycle->interrupt();
}

void RunningCycles::interrupt_running() {
  const std::lock_guard lock(mutex_);
  for (board::RealCycle* cycle : running_) cycle->interrupt();
}

RealBench::RealBench(const Invocation& invocation, const std::vector<std::string>& names) {
  std::vector<std::string> wanted = names;
  if (!invocation.bench.empty()) {
    file_ = std::filesystem::absolute(find_bench(invocation.bench)).string();
    const scenario::Bench bench = scenario::load_bench(file_);
    desk_ = std::make_unique<power::SwitchDesk>(openers_of(bench));
    if (wanted.empty()) {
      for (const auto& [name, board] : bench.boards) wanted.push_back(name);
    }
  }
  for (const std::string& name : wanted) {
    auto& station = stations_.emplace_back(std::make_unique<RealStation>());
    station->real = open_board(invocation, name);
    // An emulator brings a switch of its own.
    const bool emulated = station->real.board.kind == scenario::BoardKind::qemu;
    if (!emulated) station->real.parts.desk = desk_.get();
  }
}

const RealBoard* RealBench::board_for(const scenario::Scenario& scenario, std::string& why) const {
  for (const auto& station : stations_) {
    const auto out = out_.find(station->real.board.name);
    if (out != out_.end()) {
      why = fmt::format("board '{}' is out: {}", out->first, out->second);
      continue;
    }
    const auto obstacle = scenario::why_not_one_on(station->real.board, scenario, std::nullopt);
    if (!obstacle) return &station->real;
    why = fmt::format("{}: {}", obstacle->key, obstacle->why);
  }
  return nullptr;
}

void RealBench::make_safe(store::Store& store) {
  for (const auto& station : stations_) {
    try {
      recover_from_crash(station->real);
    } catch (const base::RigError& error) {
      out_[station->real.board.name] = error.what();
    }
  }
  for (const store::BoardState& state : store::board_states(store)) {
    if (state.condition != store::BoardCondition::quarantined) continue;
    for (const auto& station : stations_) {
      if (bench_name(station->real) != state.bench) continue;
      if (station->real.board.name == state.board) out_[state.board] = state.reason;
    }
  }
}

std::vector<campaign::SoakBoard> RealBench::boards(const NightParts& parts,
                                                   const store::SoakStart& soak) {
  std::vector<campaign::SoakBoard> boards;
  for (const auto& owned : stations_) {
    RealStation& station = *owned;
    campaign::SoakBoard& board = boards.emplace_back();
    board.name = station.real.board.name;
    board.bench = bench_name(station.real);
    board.real = true;
    const auto out = out_.find(board.name);
    if (out != out_.end()) board.quarantined = out->second;
    board.work = [&station, &parts, this](const Order& order) {
      return run_on(station, parts, running_, order);
    };
    board.can = [&station, &parts](const Draw& draw) {
      return !scenario::why_not_one_on(station.real.board, scenario_of(parts, draw).scenario,
                                       draw.cut);
    };
    board.plan = [&station, &parts](const Draw& draw) {
      const NightScenario& night = scenario_of(parts, draw);
      record::PlanId plan = real_plan({.library = night.library, .scenario = night.scenario},
                                      station.real, draw.cut, draw.seed);
      plan.link = draw.link;
      return record::to_text(plan);
    };
    board.campaign = [&station, &parts, soak](const Draw& draw) {
      const NightScenario& night = scenario_of(parts, draw);
      store::CampaignStart start = real_campaign(
          {.library = night.library, .scenario = night.scenario}, station.real, soak.seed);
      start.batch = soak.batch;
      start.role = draw.known_bad ? store::CampaignRole::known_bad : store::CampaignRole::trial;
      return start;
    };
    board.patience = [&parts](const Draw& draw) {
      return longest(scenario_of(parts, draw).scenario);
    };
    board.hurry = [&station] { station.running.interrupt_running(); };
  }
  return boards;
}

campaign::Survey survey_on(store::Store& store, const NightScenario& night, const RealBoard& real,
                           std::uint64_t seed) {
  fmt::print(stderr, "{}: a control run on board '{}', to learn its phases\n", night.scenario.id,
             real.board.name);
  const RealRun run = run_real_cycle(store, {.library = night.library, .scenario = night.scenario},
                                     real, {.seed = seed, .control = true});
  if (run.interrupted) throw Interrupted("interrupted before the night began");
  const record::Judgement& judgement = run.judgement;
  if (record::class_of(judgement.verdict) == record::VerdictClass::pass) {
    return {.strata = campaign::strata_of(run.timeline, {}), .operations = 0, .why = {}};
  }
  std::string why(record::name_of(judgement.verdict));
  if (!judgement.findings.empty()) why += ": " + judgement.findings.front().text;
  return {.strata = {}, .operations = 0, .why = why};
}

std::string strata_text(const std::vector<campaign::Stratum>& strata) {
  std::string text;
  for (const campaign::Stratum& stratum : strata) {
    for (const campaign::Stay& stay : stratum.stays) {
      text += fmt::format("{} {} {}\n", stay.begins.count(), stay.length.count(), stratum.phase);
    }
  }
  return text;
}

std::vector<campaign::Stratum> strata_from(const std::string& text) {
  std::vector<campaign::Stratum> strata;
  std::istringstream lines(text);
  std::int64_t begins = 0;
  std::int64_t length = 0;
  std::string phase;
  while (lines >> begins >> length && std::getline(lines >> std::ws, phase)) {
    auto found = std::find_if(strata.begin(), strata.end(),
                              [&](const auto& each) { return each.phase == phase; });
    if (found == strata.end()) {
      strata.push_back({.phase = phase, .stays = {}, .operations = {}});
      found = std::prev(strata.end());
    }
    found->stays.push_back({.begins = base::Duration(begins), .length = base::Duration(length)});
  }
  return strata;
}

}  // namespace rig::cli
