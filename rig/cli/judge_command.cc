#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/printing.h"
#include "cli/workspace.h"
#include "record/judge.h"
#include "scenario/plan.h"

namespace rig::cli {
namespace {

record::Judgement judge_again(const scenario::Scenario& scenario, const store::Cycle& cycle,
                              const record::Timeline& timeline) {
  const auto plan = record::plan_id_from(cycle.intent.plan);
  if (!plan) {
    throw base::UsageError(fmt::format("cycle {}: stored plan id '{}' cannot be read",
                                       cycle.id.value, cycle.intent.plan));
  }
  const record::Contract contract = scenario::contract_of(scenario, plan->cut);
  return cycle.intent.kind == store::CycleKind::control ? record::judge_control(contract, timeline)
                                                        : record::judge(contract, timeline);
}

// A cycle that the rig failed to carry out stays that way: there is nothing to judge.
bool judgeable(const store::Cycle& cycle) {
  return cycle.outcome && cycle.outcome->judgement.verdict != record::Verdict::rig_fault;
}

struct Recount {
  std::size_t judged = 0;
  std::size_t changed = 0;
};

Recount judge_all(store::Store& store, const scenario::Scenario& scenario,
                  store::CampaignId campaign) {
  Recount recount;
  const record::Timeline trunk = store.trunk(campaign);
  for (const store::Cycle& cycle : store.cycles(campaign)) {
    if (!judgeable(cycle)) continue;
    const auto judgement = judge_again(scenario, cycle, store.timeline(cycle.id, trunk));
    ++recount.judged;
    if (judgement.verdict == cycle.outcome->judgement.verdict) continue;
    ++recount.changed;
    fmt::print(stderr, "cycle {}: {} -> {}\n", cycle.id.value,
               record::name_of(cycle.outcome->judgement.verdict),
               record::name_of(judgement.verdict));
    store.replace_judgement(cycle.id, judgement);
  }
  store.sync();
  return recount;
}

// What the campaign was judged by then, whatever has become of its file.
scenario::Scenario recorded_scenario(const Invocation& invocation,
                                     const store::Campaign& campaign) {
  const std::filesystem::path file =
      std::filesystem::current_path() / (campaign.scenario + ".yaml");
  return scenario::parse(campaign.scenario_yaml, file, library_for(invocation, file));
}

}  // namespace

void JudgeCommand::run(Invocation& invocation) const {
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const store::CampaignId id{campaign_};
  const store::Campaign campaign = store.campaign(id);
  const scenario::Scenario contract = scenario_.empty()
                                          ? recorded_scenario(invocation, campaign)
                                          : open_scenario(invocation, scenario_).scenario;
  const Recount recount = judge_all(store, contract, id);
  const store::CampaignSummary summary = store.summary(id);
  if (invocation.json) {
    nlohmann::json object = to_json(summary, store.cycles(id));
    object["changed"] = recount.changed;
    fmt::print("{}\n", object.dump(2));
  } else {
    fmt::print("{} cycles judged again, {} verdicts changed\n", recount.judged, recount.changed);
  }
  invocation.exit_code = exit_code_of(summary, explore::SweepEnd::complete);
}

}  // namespace rig::cli
