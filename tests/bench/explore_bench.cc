// Exploring the two-slot update: 64 KB images in 256 KB slots, about 100,000 flash operations.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "explore/sweep.h"

namespace {

namespace explore = rig::explore;
using Clock = std::chrono::steady_clock;

rig::scenario::Library library() {
  return {.fixtures = OTARIG_SOURCE_DIR "/fixtures",
          .firmware = OTARIG_BUILD_DIR "/firmware",
          .scenarios = OTARIG_SOURCE_DIR "/scenarios"};
}

struct Explored {
  explore::Coverage coverage;
  double seconds{};  // without the control run
};

// Cuts in a row; 0: any number.
Explored explored(const rig::board::SimBench& bench, unsigned cuts, unsigned jobs) {
  Explored result;
  Clock::time_point since;
  const explore::SweepObserver observer{
      .control = [&](const explore::FinishedCycle&) { since = Clock::now(); },
      .planned = [](const explore::SweepPlan&) {},
      .finished = [](const explore::FinishedCycle&) {},
      .stop = [] { return false; },
      .covered =
          [&](const explore::Coverage& found) {
            result = {found, std::chrono::duration<double>(Clock::now() - since).count()};
          }};
  const auto end = explore::run_sweep(bench, {.seed = 1, .jobs = jobs, .cuts = cuts}, observer);
  if (end != explore::SweepEnd::complete) throw std::runtime_error("not explored");
  return result;
}

const rig::board::SimBench& swap_bench() {
  static const rig::board::SimBench kBench(
      rig::scenario::load(OTARIG_SOURCE_DIR "/scenarios/swap/correct.yaml", library()), library());
  return kBench;
}

// Arguments: cuts in a row, jobs.
void explore_swap(benchmark::State& state) {
  const auto jobs = static_cast<unsigned>(state.range(1));
  Explored result;
  for (auto _ : state) {
    result = explored(swap_bench(), static_cast<unsigned>(state.range(0)), jobs);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cells = static_cast<double>(result.coverage.transitions);
  state.counters["cells"] = cells;
  state.counters["cells_per_s_and_core"] = cells / result.seconds / jobs;
  state.counters["exploring_s"] = result.seconds;
  state.counters["executions"] = static_cast<double>(result.coverage.executions);
  state.counters["states"] = static_cast<double>(result.coverage.states);
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

// How much two jobs are faster than one, beside what the machine's two cores have to give: two
// explorations that know nothing of each other, at once. In turns, five times.
void two_jobs(benchmark::State& state) {
  double one = 0;
  double two = 0;
  double at_once = 0;
  for (auto _ : state) {
    one += explored(swap_bench(), 1, 1).seconds;
    two += explored(swap_bench(), 1, 2).seconds;
    std::array<double, 2> each{};
    {
      std::jthread other([&each] { each[0] = explored(swap_bench(), 1, 1).seconds; });
      each[1] = explored(swap_bench(), 1, 1).seconds;
    }
    at_once += std::max(each[0], each[1]);
  }
  state.counters["times_faster"] = one / two;
  state.counters["machine_limit"] = 2 * one / at_once;
}
BENCHMARK(two_jobs)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(5);

}  // namespace
