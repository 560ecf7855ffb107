// What issue 5 promises of nights: 2,000 cycle rows per second, on disk within a second; and 16
// simulated boards that leave the rig itself at most 5 % of the processors.
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "campaign/sim_boards.h"
#include "campaign/soak.h"
#include "unit/store/store_fixture.h"

namespace {

namespace campaign = rig::campaign;
namespace store = rig::store;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kBoards = 16;

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(static_cast<__rusage_who>(who), &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

campaign::SoakClock real_clock() {
  return {.steady = [] { return rig::base::Duration(Clock::now().time_since_epoch()); },
          .wall_unix_us =
              [] {
                const auto now = std::chrono::system_clock::now().time_since_epoch();
                return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
              }};
}

store::Soak begun(store::Store& database, std::uint64_t cycles) {
  store::Soak soak;
  soak.batch = "bench";
  soak.seed = 1;
  soak.cycles = cycles;
  store::begin_soak(database, soak);
  return soak;
}

void run(campaign::Soak& soak) {
  const auto end = soak.run(
      {.stop = [] { return false; }, .show = [](const campaign::SoakView&) {}, .let_go = [] {}});
  if (end != campaign::SoakEnd::complete) std::abort();
}

// The longest time between two commits, as another process sees them.
class CommitWatch {
 public:
  explicit CommitWatch(const std::string& path)
      : thread_([this, path](const std::stop_token& stop) { watch(path, stop); }) {}
  [[nodiscard]] double longest_ms() {
    thread_.request_stop();
    thread_.join();
    return longest_ms_;
  }

 private:
  void watch(const std::string& path, const std::stop_token& stop) {
    store::Database database(path, store::IfMissing::refuse);
    auto version = database.query_integer("PRAGMA data_version");
    auto since = Clock::now();
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      (void)never.wait_for(lock, stop, 2ms, [] { return false; });
      const auto now = Clock::now();
      const auto seen = database.query_integer("PRAGMA data_version");
      if (seen == version) continue;
      version = seen;
      longest_ms_ =
          std::max(longest_ms_, std::chrono::duration<double, std::milli>(now - since).count());
      since = now;
    }
  }

  double longest_ms_ = 0;
  std::jthread thread_;
};

campaign::Night night_without_strata() {
  campaign::Night night;
  night.seed = 1;
  campaign::Entry entry;
  entry.scenario = "bench";
  night.entries = {entry};
  return night;
}

// Boards that answer at once, with a timeline of 6 KB: what is left is the rig.
void BM_SoakBooksRows(benchmark::State& state) {
  constexpr std::uint64_t kCycles = 20'000;
  const campaign::Night night = night_without_strata();
  campaign::Answer answer;
  answer.outcome = store::outcome(rig::record::Verdict::resumed);
  answer.timeline = {.events = 400, .shared_events = 0, .packed = rig::base::Bytes(6'000)};
  double longest = 0;
  for (auto _ : state) {
    const store::TemporaryFile file;
    store::Store database(file.path(), {.commit = store::Commit::timed});
    const auto clock = real_clock();
    const auto row = begun(database, kCycles);
    campaign::Soak soak(database, row, night, clock);
    for (int i = 0; i < kBoards; ++i) {
      campaign::SoakBoard board;
      board.name = "board-" + std::to_string(i);
      board.work = [&answer](const campaign::Order& order) {
        campaign::Answer mine = answer;
        mine.index = order.index;
        return mine;
      };
      board.can = [](const campaign::Draw&) { return true; };
      board.plan = [](const campaign::Draw& draw) {
        return "bench@0123456789ab:cut=none:seed=" + std::to_string(draw.seed);
      };
      board.campaign = [](const campaign::Draw&) { return store::some_campaign(); };
      soak.add(std::move(board));
    }
    CommitWatch watch(file.path());
    run(soak);
    longest = std::max(longest, watch.longest_ms());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kCycles));
  state.counters["longest_without_commit_ms"] = longest;
}
BENCHMARK(BM_SoakBooksRows)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

// `rig_share`: of all processor time of the process, what the thread that schedules, books and
// shows takes. `filled`: processor time by what two processors had to give; low beside other
// programs.
void BM_SoakOf16SimulatedBoards(benchmark::State& state) {
  constexpr std::uint64_t kCycles = 160;
  const std::filesystem::path source = OTARIG_SOURCE_DIR;
  const rig::scenario::Library library{
      .fixtures = source / "fixtures",
      .firmware = std::filesystem::path(OTARIG_BUILD_DIR) / "firmware",
      .scenarios = source / "scenarios"};
  const campaign::NightScenario scenario{
      .scenario =
          rig::scenario::load(library.scenarios / "electron/2.0.0-third-party-board.yaml", library),
      .library = library};
  campaign::SimBenches benches;
  benches.add(0, scenario, {});
  const rig::board::SimBench& bench = benches.at(0, "");
  campaign::Night night = night_without_strata();
  night.entries[0].cut = scenario.scenario.cut;
  night.entries[0].by_operation = true;
  night.entries[0].strata = campaign::survey(bench, 1).strata;
  double own = 0;
  double all = 0;
  double wall = 0;
  for (auto _ : state) {
    const store::TemporaryFile file;
    store::Store database(file.path(), {.commit = store::Commit::timed});
    const auto clock = real_clock();
    const auto row = begun(database, kCycles);
    campaign::Soak soak(database, row, night, clock);
    for (int i = 0; i < kBoards; ++i) {
      campaign::SoakBoard board;
      board.name = "sim-" + std::to_string(i);
      board.work = [&bench](const campaign::Order& order) {
        return campaign::run_on_sim(bench, order);
      };
      board.can = [](const campaign::Draw&) { return true; };
      board.plan = [&bench](const campaign::Draw& draw) {
        return campaign::plan_text(bench, draw);
      };
      board.campaign = [](const campaign::Draw&) { return store::some_campaign(); };
      soak.add(std::move(board));
    }
    const double own_before = cpu_seconds(RUSAGE_THREAD);
    const double all_before = cpu_seconds(RUSAGE_SELF);
    const auto begun_at = Clock::now();
    run(soak);
    own += cpu_seconds(RUSAGE_THREAD) - own_before;
    all += cpu_seconds(RUSAGE_SELF) - all_before;
    wall += std::chrono::duration<double>(Clock::now() - begun_at).count();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kCycles));
  state.counters["rig_share"] = own / all;
  state.counters["filled"] = all / wall / std::min(2U, std::thread::hardware_concurrency());
}
BENCHMARK(BM_SoakOf16SimulatedBoards)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);

}  // namespace
