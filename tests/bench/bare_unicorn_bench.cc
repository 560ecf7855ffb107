// What the machine could do at most: a recovery on the simulated board, read sets and all, beside
// Unicorn alone executing the same instructions without any hook. Both in turns, so that the ratio
// does not depend on what else the machine does.
#include <benchmark/benchmark.h>
#include <unicorn/unicorn.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "board/sim_bench.h"
#include "scenario/scenario.h"
#include "unit/simulator/test_world.h"

namespace {

namespace simulator = rig::simulator;
namespace testing = rig::simulator::testing;
using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

constexpr std::uint32_t kPeripherals = 0x40000000;
constexpr std::uint32_t kPeripheralsSize = 0x28000;

void check(uc_err error) {
  if (error != UC_ERR_OK) throw std::runtime_error(uc_strerror(error));
}

// Flash, RAM and registers that answer as if everything were ready at once; sectors are erased.
class BareUnicorn {
 public:
  explicit BareUnicorn(const rig::base::Bytes& flash) : flash_(flash) {
    uc_engine* opened = nullptr;
    check(uc_open(UC_ARCH_ARM, static_cast<uc_mode>(UC_MODE_THUMB | UC_MODE_MCLASS), &opened));
    uc_.reset(opened);
    check(uc_mem_map_ptr(opened, simulator::kFlashBase, flash_.size(), UC_PROT_ALL, flash_.data()));
    check(uc_mem_map_ptr(opened, simulator::kRamBase, ram_.size(), UC_PROT_ALL, ram_.data()));
    check(uc_mmio_map(opened, kPeripherals, kPeripheralsSize, &read, this, &write, this));
    check(uc_mmio_map(opened, 0xE000E000, 0x1000, &read_core, nullptr, &write_core, nullptr));
  }

  // From reset until it sleeps.
  Seconds run(const rig::base::Bytes& flash) {
    std::memcpy(flash_.data(), flash.data(), flash_.size());
    std::uint32_t stack = rig::base::read_le32(flash, 0);
    check(uc_reg_write(uc_.get(), UC_ARM_REG_SP, &stack));
    const auto began = std::chrono::steady_clock::now();
    check(uc_emu_start(uc_.get(), rig::base::read_le32(flash, 4) | 1U, 0xFFFFFFFF, 0, 0));
    return std::chrono::steady_clock::now() - began;
  }
  [[nodiscard]] const rig::base::Bytes& flash() const { return flash_; }

 private:
  static constexpr std::uint64_t kClockSwitch = 0x23808;  // RCC_CFGR
  static constexpr std::uint64_t kRunsFromPll = 0xA;
  static constexpr std::uint64_t kFlashStatus = 0x23C0C;
  static constexpr std::uint64_t kFlashControl = 0x23C10;
  static constexpr std::uint32_t kStart = 1U << 16;

  static std::uint64_t read(uc_engine*, std::uint64_t offset, unsigned, void* self) {
    if (offset == kFlashStatus) return 0;
    if (offset == kClockSwitch) return kRunsFromPll;
    if (offset == kFlashControl) return static_cast<BareUnicorn*>(self)->control_;
    return ~std::uint64_t{0};
  }
  static void write(uc_engine*, std::uint64_t offset, unsigned, std::uint64_t value, void* self) {
    if (offset == kFlashControl) static_cast<BareUnicorn*>(self)->control(value);
  }
  static std::uint64_t read_core(uc_engine*, std::uint64_t, unsigned, void*) { return 0; }
  static void write_core(uc_engine*, std::uint64_t, unsigned, std::uint64_t, void*) {}

  void control(std::uint64_t value) {
    control_ = static_cast<std::uint32_t>(value);
    if ((value & kStart) == 0) return;
    const auto& sector = simulator::stm32f205().flash.sectors.at(value >> 3 & 0xF);
    std::memset(flash_.data() + sector.offset, 0xFF, sector.bytes);
  }

  struct Close {
    void operator()(uc_engine* engine) const { uc_close(engine); }
  };
  rig::base::Bytes flash_;
  rig::base::Bytes ram_ = rig::base::Bytes(simulator::kRamSize);
  std::uint32_t control_{1U << 31};
  std::unique_ptr<uc_engine, Close> uc_;  // dies before the memory it maps
};

// The same on the simulated board.
class Board {
 public:
  explicit Board(simulator::World off) : off_(std::move(off)) {}

  Seconds run(const rig::base::Bytes& flash) {
    simulator::World world = off_;
    world.plant(flash);
    reads_.begin();
    world.record_reads(&reads_);
    const auto began = std::chrono::steady_clock::now();
    world.set_power({.board = true, .modem = false}, true);
    benchmark::DoNotOptimize(testing::run_to(world, engine_, testing::at(30s)));
    const Seconds took = std::chrono::steady_clock::now() - began;
    after_.assign(world.flash().begin(), world.flash().end());
    return took;
  }
  [[nodiscard]] const rig::base::Bytes& flash() const { return after_; }

 private:
  const simulator::World off_;
  simulator::Engine engine_{simulator::Loads::seen};
  simulator::FlashReads reads_;
  rig::base::Bytes after_;
};

simulator::World staged_update() {
  const rig::scenario::Library library{.fixtures = OTARIG_SOURCE_DIR "/fixtures",
                                       .firmware = OTARIG_BUILD_DIR "/firmware",
                                       .scenarios = OTARIG_SOURCE_DIR "/scenarios"};
  const rig::board::SimBench bench(
      rig::scenario::load(OTARIG_SOURCE_DIR "/scenarios/swap/correct.yaml", library), library);
  return bench.cycle(std::nullopt, 1).world();
}

// What is in flash when the power goes in the middle of operation `cut`; 0: when all is done.
rig::base::Bytes flash_at(simulator::World world, std::uint64_t cut) {
  simulator::Engine engine;
  world.arm_flash_op(cut, rig::record::OpMoment::before);
  world.set_power({.board = true, .modem = false}, true);
  static_cast<void>(testing::run_to(world, engine, testing::at(30s)));
  return {world.flash().begin(), world.flash().end()};
}

void compare(benchmark::State& state, const rig::base::Bytes& flash, simulator::World off) {
  BareUnicorn bare(flash);
  Board board(std::move(off));
  static_cast<void>(bare.run(flash));  // translates
  static_cast<void>(board.run(flash));
  if (bare.flash() != board.flash()) throw std::runtime_error("they did not do the same");
  Seconds on_bare{};
  Seconds on_board{};
  for (auto _ : state) {
    on_bare += bare.run(flash);
    const Seconds took = board.run(flash);
    state.SetIterationTime(took.count());
    on_board += took;
  }
  state.counters["bare_unicorn_ms"] =
      on_bare.count() * 1000 / static_cast<double>(state.iterations());
  state.counters["of_bare_unicorn_%"] = 100 * on_bare / on_board;
}

// Argument: the flash operation that the update was cut at; 0: none, it is checked and started.
void plain_recovery(benchmark::State& state) {
  const simulator::World world = staged_update();
  compare(state, flash_at(world, static_cast<std::uint64_t>(state.range(0))), world);
}
BENCHMARK(plain_recovery)
    ->ArgName("cut_at")
    ->Arg(0)
    ->Arg(1'000)
    ->Arg(50'000)
    ->Arg(97'000)
    ->Unit(benchmark::kMillisecond)
    ->UseManualTime();

// Nothing but the shortest of blocks.
void tight_loop(benchmark::State& state) {
  compare(state, testing::flash_with("cruncher"), testing::world_with("cruncher"));
}
BENCHMARK(tight_loop)->Unit(benchmark::kMillisecond)->UseManualTime();

}  // namespace
