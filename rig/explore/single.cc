#include "board/sim_bench.h"
#include "explore/cpu_clock.h"
#include "explore/judged.h"
#include "explore/sweep.h"
#include "simulator/engine.h"

namespace rig::explore {

SingleCycle run_single(const board::SimBench& bench, const std::optional<record::CutPlan>& cut,
                       std::uint64_t seed, Packets packets) {
  const CpuClock clock;
  simulator::Engine engine;
  board::SimCycle cycle = bench.cycle(cut, seed);
  if (packets == Packets::kept) cycle.keep_packets();
  cycle.run(engine);
  const record::Contract contract = scenario::contract_of(bench.scenario(), cut);
  SingleCycle single{.timeline = cycle.timeline(),
                     .outcome = outcome_of(cycle, record::judge(contract, cycle.timeline())),
                     .link = cycle.world().link().meter(),
                     .packets = cycle.world().link().log()};
  single.outcome.host = clock.elapsed();
  return single;
}

}  // namespace rig::explore
