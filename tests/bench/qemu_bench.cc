// What issue 3 promises of emulated boards in real time: a cycle (boot, update of 32 KB, a cut,
// recovery, verdict) in at most 4 s, and at most 5 % of that for the rig itself.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <filesystem>
#include <memory>

#include "board/qemu_board.h"
#include "record/judge.h"
#include "scenario/bench.h"
#include "scenario/plan.h"

namespace {

namespace fs = std::filesystem;
using rig::record::VerdictClass;

double own_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

rig::scenario::Library library() {
  const fs::path source = OTARIG_SOURCE_DIR;
  return {.fixtures = source / "fixtures",
          .firmware = fs::path(OTARIG_BUILD_DIR) / "firmware" / rig::board::kQemuFirmware,
          .scenarios = source / "scenarios"};
}

VerdictClass run_cycle(const rig::scenario::Scenario& scenario,
                       const rig::board::Product& product) {
  const auto board = rig::scenario::qemu_board("bench");
  const rig::board::QemuBoard qemu(board, scenario, product,
                                   {.boot_rom = product.manifest.boot_rom, .seed = 1});
  rig::board::RealParts parts;
  parts.journal = qemu.spec().flash_file + ".journal";
  qemu.equip(parts, {});
  const auto plan =
      rig::scenario::plan_of(scenario, std::get<rig::record::CutPlan>(scenario.cut), 1);
  rig::board::RealCycle cycle(scenario, board, rig::scenario::Runner(plan, product.profile));
  return rig::record::class_of(
      rig::record::judge(plan.contract, cycle.run(parts).timeline).verdict);
}

void BM_QemuCycle(benchmark::State& state) {
  const auto where = library();
  const auto scenario = rig::scenario::load(where.scenarios / "emulated/quick.yaml", where);
  const auto product = rig::board::load_product(scenario, where, rig::board::kQemuFirmware);
  const double before = own_seconds();
  int passed = 0;
  for (auto _ : state) passed += run_cycle(scenario, product) == VerdictClass::pass ? 1 : 0;
  if (passed != state.iterations()) state.SkipWithError("a cycle did not pass");
  state.counters["rig_cpu_seconds"] =
      benchmark::Counter(own_seconds() - before, benchmark::Counter::kAvgIterations);
}
BENCHMARK(BM_QemuCycle)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(5);

}  // namespace
