// The simulated board's throughput: how much faster than real time it sleeps, and how many
// instructions, flash words and console bytes it does per second of host time.
#include <benchmark/benchmark.h>

#include <chrono>

#include "unit/simulator/test_world.h"

namespace {

using namespace std::chrono_literals;
using rig::base::Duration;
using rig::simulator::Engine;
using rig::simulator::World;

// One run of `program` over `length` of virtual time per iteration, from power-on.
void run_program(benchmark::State& state, const char* program, Duration length) {
  Engine engine;
  const World off = rig::simulator::testing::world_with(program);
  for (auto _ : state) {
    World world = off;
    world.set_power({.board = true, .modem = false}, true);
    benchmark::DoNotOptimize(
        rig::simulator::testing::run_to(world, engine, rig::simulator::testing::at(length)));
  }
}

void count(benchmark::State& state, const char* what, double per_iteration) {
  state.counters[what] = benchmark::Counter(per_iteration * static_cast<double>(state.iterations()),
                                            benchmark::Counter::kIsRate);
}

void sleep_virtual_seconds(benchmark::State& state) {
  run_program(state, "sleeper", 1h);
  count(state, "virtual_seconds/s", 3600);
}
BENCHMARK(sleep_virtual_seconds)->Unit(benchmark::kMillisecond);

void flash_words(benchmark::State& state) {
  run_program(state, "flasher", 1500ms);
  count(state, "words/s", 4099);
}
BENCHMARK(flash_words)->Unit(benchmark::kMillisecond);

void console_bytes(benchmark::State& state) {
  run_program(state, "printer", 3s);
  count(state, "bytes/s", 256 * 66 + 5);
}
BENCHMARK(console_bytes)->Unit(benchmark::kMillisecond);

void instructions(benchmark::State& state) {
  run_program(state, "cruncher", 2s);
  count(state, "instructions/s", 64.0 * 100'000 * 5);
}
BENCHMARK(instructions)->Unit(benchmark::kMillisecond);

void copy_of_a_world(benchmark::State& state) {
  const World world = rig::simulator::testing::world_with("sleeper");
  for (auto _ : state) {
    World copy = world;
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(copy_of_a_world)->Unit(benchmark::kMicrosecond);

}  // namespace
