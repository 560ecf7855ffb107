// Exploring the two-slot update (64 KB images in 256 KB slots, about 100,000 flash operations), and
// what the machine could do at most: Unicorn alone on the same instructions, without any hook.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unicorn/unicorn.h>

#include <chrono>
#include <stdexcept>

#include "explore/sweep.h"
#include "unit/simulator/test_world.h"

namespace {

namespace explore = rig::explore;
namespace simulator = rig::simulator;
using namespace std::chrono_literals;

constexpr double kInstructions = 64.0 * 100'000 * 5;  // of the test program "cruncher"

void check(uc_err error) {
  if (error != UC_ERR_OK) throw std::runtime_error(uc_strerror(error));
}

std::uint64_t ready(uc_engine*, std::uint64_t, unsigned, void*) { return ~std::uint64_t{0}; }
void ignore(uc_engine*, std::uint64_t, unsigned, std::uint64_t, void*) {}

// The limit. Registers read as "ready"; the program ends in WFI.
void raw_unicorn(benchmark::State& state) {
  rig::base::Bytes flash = simulator::testing::flash_with("cruncher");
  rig::base::Bytes ram(simulator::kRamSize);
  uc_engine* uc = nullptr;
  check(uc_open(UC_ARCH_ARM, static_cast<uc_mode>(UC_MODE_THUMB | UC_MODE_MCLASS), &uc));
  check(uc_mem_map_ptr(uc, simulator::kFlashBase, flash.size(), UC_PROT_READ | UC_PROT_EXEC,
                       flash.data()));
  check(uc_mem_map_ptr(uc, simulator::kRamBase, ram.size(), UC_PROT_ALL, ram.data()));
  check(uc_mmio_map(uc, 0x40000000, 0x28000, ready, nullptr, ignore, nullptr));
  const std::uint32_t entry = rig::base::read_le32(flash, 4);
  for (auto _ : state) {
    std::uint32_t stack = rig::base::read_le32(flash, 0);
    check(uc_reg_write(uc, UC_ARM_REG_SP, &stack));
    check(uc_emu_start(uc, entry | 1U, 0xFFFFFFFF, 0, 0));
  }
  uc_close(uc);
  state.counters["instructions/s"] = benchmark::Counter(
      kInstructions * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(raw_unicorn)->Unit(benchmark::kMillisecond);

// The same program on the simulated board, as a recovery runs: time, exceptions, reads recorded.
void recorded_execution(benchmark::State& state) {
  simulator::Engine engine(simulator::Loads::seen);
  simulator::FlashReads reads;
  const simulator::World off = simulator::testing::world_with("cruncher");
  for (auto _ : state) {
    simulator::World world = off;
    reads.begin();
    world.record_reads(&reads);
    world.set_power({.board = true, .modem = false}, true);
    benchmark::DoNotOptimize(simulator::testing::run_to(world, engine, simulator::testing::at(2s)));
  }
  state.counters["instructions/s"] = benchmark::Counter(
      kInstructions * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(recorded_execution)->Unit(benchmark::kMillisecond);

rig::scenario::Library library() {
  return {.fixtures = OTARIG_SOURCE_DIR "/fixtures",
          .firmware = OTARIG_BUILD_DIR "/firmware",
          .scenarios = OTARIG_SOURCE_DIR "/scenarios"};
}

// Arguments: cuts in a row (0: any number), jobs.
void explore_swap(benchmark::State& state) {
  const rig::board::SimBench bench(
      rig::scenario::load(OTARIG_SOURCE_DIR "/scenarios/swap/correct.yaml", library()), library());
  explore::Coverage coverage;
  std::chrono::steady_clock::time_point since;
  const explore::SweepObserver observer{
      .control = [&](const explore::FinishedCycle&) { since = std::chrono::steady_clock::now(); },
      .planned = [](const explore::SweepPlan&) {},
      .finished = [](const explore::FinishedCycle&) {},
      .stop = [] { return false; },
      .covered =
          [&](const explore::Coverage& found) {
            coverage = found;
            coverage.seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
          }};
  for (auto _ : state) {
    const auto end = explore::run_sweep(bench,
                                        {.seed = 1,
                                         .jobs = static_cast<unsigned>(state.range(1)),
                                         .cuts = static_cast<unsigned>(state.range(0))},
                                        observer);
    if (end != explore::SweepEnd::complete) throw std::runtime_error("not explored");
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cells = static_cast<double>(coverage.transitions);
  state.counters["cells"] = cells;
  state.counters["cells_per_s_and_core"] =
      cells / coverage.seconds / static_cast<double>(state.range(1));
  state.counters["exploring_s"] = coverage.seconds;
  state.counters["executions"] = static_cast<double>(coverage.executions);
  state.counters["states"] = static_cast<double>(coverage.states);
  state.counters["process_peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024.0;
}
BENCHMARK(explore_swap)
    ->ArgNames({"cuts", "jobs"})
    ->Args({1, 1})
    ->Args({1, 2})
    ->Args({2, 1})
    ->Args({2, 2})
    ->Args({0, 2})
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1);

}  // namespace
