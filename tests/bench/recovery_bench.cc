// What a lab waits for: recovered and judged cycles per second of one core on the Electron's update
// (64 KB user module, three clean reboots and a second update included), the bytes that a passing
// cycle keeps, and the memory of a whole sweep.
#include <benchmark/benchmark.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <filesystem>

#include "explore/sweep.h"

namespace {

namespace explore = rig::explore;
namespace fs = std::filesystem;

constexpr const char* kScenario = "/scenarios/electron/2.0.0-built-in-both.yaml";

rig::scenario::Library library() {
  return {.fixtures = OTARIG_SOURCE_DIR "/fixtures",
          .firmware = OTARIG_BUILD_DIR "/firmware",
          .scenarios = OTARIG_SOURCE_DIR "/scenarios"};
}

rig::scenario::Scenario scenario_of(std::uint32_t points) {
  auto scenario = rig::scenario::load(OTARIG_SOURCE_DIR + std::string(kScenario), library());
  std::get<rig::scenario::Sweep>(scenario.cut).points = points;
  return scenario;
}

struct Tally {
  double cycles{};
  double passing{};
  double bytes{};
};

Tally sweep(const rig::board::SimBench& bench) {
  Tally tally;
  const explore::SweepObserver observer{
      .control = [](const explore::FinishedCycle&) {},
      .planned = [](const explore::SweepPlan&) {},
      .finished =
          [&tally](const explore::FinishedCycle& cycle) {
            const auto verdict = cycle.outcome.judgement.verdict;
            ++tally.cycles;
            if (rig::record::class_of(verdict) != rig::record::VerdictClass::pass) return;
            ++tally.passing;
            tally.bytes += static_cast<double>(cycle.timeline.packed.size());
          },
      .stop = [] { return false; }};
  const auto end = explore::run_sweep(bench, {.seed = 1, .jobs = 1}, observer);
  if (end != explore::SweepEnd::complete) throw std::runtime_error("the sweep did not complete");
  return tally;
}

void recovered_cycles_of_one_core(benchmark::State& state) {
  const rig::board::SimBench bench(scenario_of(120), library());
  Tally tally;
  double cycles = 0;
  for (auto _ : state) {
    tally = sweep(bench);
    cycles += tally.cycles;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(cycles));
  state.counters["timeline_bytes_per_passing_cycle"] = tally.bytes / tally.passing;
}
// The sweep's own thread makes the snapshots, one worker recovers: CPU time of both.
BENCHMARK(recovered_cycles_of_one_core)->Unit(benchmark::kSecond)->MeasureProcessCPUTime();

// In a process of its own, as a user starts it.
void memory_of_a_sweep(benchmark::State& state) {
  const fs::path database = fs::temp_directory_path() / "otarig-bench-memory.db";
  for (auto _ : state) {
    fs::remove(database);
    std::string program = OTARIG_BUILD_DIR "/otarig";
    std::string arguments[] = {program, "--db", database.string(), "sweep",
                               OTARIG_SOURCE_DIR + std::string(kScenario)};
    char* argv[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(),
                    arguments[3].data(), arguments[4].data(), nullptr};
    pid_t child = 0;
    if (posix_spawn(&child, program.c_str(), nullptr, nullptr, argv, environ) != 0) {
      throw std::runtime_error("cannot start " + program);
    }
    int status = 0;
    rusage usage{};
    if (wait4(child, &status, 0, &usage) != child || status != 0) {
      throw std::runtime_error(program + " sweep failed");
    }
    state.counters["peak_megabytes"] = static_cast<double>(usage.ru_maxrss) / 1024.0;
  }
  fs::remove(database);
}
BENCHMARK(memory_of_a_sweep)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);

}  // namespace
