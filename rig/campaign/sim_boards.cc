#include "campaign/sim_boards.h"

#include <fmt/format.h>

#include "explore/cpu_clock.h"
#include "explore/judged.h"
#include "explore/trunk.h"
#include "record/judge.h"
#include "scenario/fixtures.h"
#include "scenario/plan.h"
#include "simulator/engine.h"

namespace rig::campaign {
namespace {

scenario::Scenario over(const NightScenario& night, const std::string& link) {
  scenario::Scenario scenario = night.scenario;
  if (!link.empty()) scenario.link = scenario::load_link(night.library, link);
  return scenario;
}

record::Judgement judged(const board::SimBench& bench, const Draw& draw,
                         const record::Timeline& timeline) {
  const record::Contract contract = scenario::contract_of(bench.scenario(), draw.cut);
  return draw.kind == store::CycleKind::control ? record::judge_control(contract, timeline)
                                                : record::judge(contract, timeline);
}

}  // namespace

Survey survey(const board::SimBench& bench, std::uint64_t seed) {
  const explore::ControlRun control = explore::run_control(bench, seed);
  const record::Judgement& judgement = control.outcome.judgement;
  if (record::class_of(judgement.verdict) != record::VerdictClass::pass) {
    std::string why(record::name_of(judgement.verdict));
    if (!judgement.findings.empty()) why += ": " + judgement.findings.front().text;
    return {.why = why};
  }
  return {.strata = strata_of(control.timeline, control.operations),
          .operations = control.operations.size()};
}

void SimBenches::add(std::size_t entry, const NightScenario& night,
                     const std::vector<std::string>& links) {
  const auto add_one = [&](const std::string& link) {
    auto& bench = benches_[{entry, link}];
    if (!bench) bench = std::make_unique<board::SimBench>(over(night, link), night.library);
  };
  add_one("");
  for (const std::string& link : links) add_one(link);
}

const board::SimBench& SimBenches::at(std::size_t entry, const std::string& link) const {
  return *benches_.at({entry, link});
}

std::string plan_text(const board::SimBench& bench, const Draw& draw) {
  record::PlanId plan = bench.plan_id(draw.cut, draw.seed);
  plan.link = draw.link;
  return record::to_text(plan);
}

Answer run_on_sim(const board::SimBench& bench, const Order& order) {
  const explore::CpuClock clock;
  simulator::Engine engine;
  board::SimCycle cycle = bench.cycle(order.draw.cut, order.draw.seed);
  cycle.run(engine);
  Answer answer;
  answer.index = order.index;
  answer.outcome = explore::outcome_of(cycle, judged(bench, order.draw, cycle.timeline()));
  answer.timeline = store::pack(cycle.timeline());
  answer.offered = offers_update(cycle.timeline());
  answer.outcome.host = clock.elapsed();
  return answer;
}

}  // namespace rig::campaign
