// The promises of stored history: a million cycles, ten nights of five scenarios on 20 boards,
// answer a gate and a comparison in 2 s with 500 MB, from a database of 2 GB at most.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/random.h"
#include "gate/comparing.h"
#include "gate/decision.h"
#include "gate/gather.h"
#include "gate/history.h"
#include "store/backup.h"
#include "store/retention.h"

namespace {

using rig::store::Database;
using rig::store::Statement;
using rig::store::Store;

constexpr int kNights = 10;
constexpr int kScenarios = 5;
constexpr int kBoards = 20;
constexpr std::uint64_t kCycles = 1'000;  // of a scenario on a board in a night
constexpr std::int64_t kFirstNight = 1'795'000'000'000'000;
constexpr std::int64_t kDay = 86'400'000'000;
// What cycles of the Electron take: `./dev demo`, 2,543 cycles.
constexpr std::size_t kTimelineBytes = 6'600;
constexpr std::size_t kFindingBytes = 100;

constexpr const char* kPhases[] = {"downloading", "verifying", "pending",
                                   "rebooting",   "applying",  "safe-mode"};

// Rows straight into the tables: booking a million cycles as a rig does is another promise
// (store_bench). Timelines are those that a pruned history has: of failures, and of the last
// night's passes.
class Million {
 public:
  Million() {
    std::string pattern = (std::filesystem::temp_directory_path() / "otarig-bench-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    const auto begun = std::chrono::steady_clock::now();
    { const Store made(file()); }
    Database database(file(), rig::store::IfMissing::refuse);
    database.run("PRAGMA synchronous=OFF; BEGIN");
    for (int night = 0; night < kNights; ++night) add_night(database, night);
    database.run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }
  ~Million() { std::filesystem::remove_all(folder_); }
  Million(const Million&) = delete;
  Million& operator=(const Million&) = delete;

  [[nodiscard]] std::string file() const { return (folder_ / "otarig.db").string(); }
  [[nodiscard]] double seconds() const { return seconds_; }
  [[nodiscard]] double megabytes() const {
    return static_cast<double>(std::filesystem::file_size(file())) / 1e6;
  }

 private:
  void add_night(Database& database, int night);
  void add_cycles(Database& database, std::int64_t first_campaign, bool keep_timelines);
  std::filesystem::path folder_;
  double seconds_{};
  rig::base::Random chance_{7};
};

void Million::add_night(Database& database, int night) {
  Statement insert(database,
                   "INSERT INTO campaigns (scenario, scenario_yaml, title, board, firmware, "
                   "firmware_hash, otarig_version, seed, started_unix_us, ended_unix_us, state, "
                   "batch, board_name) VALUES (?, 'scenario: x', '', 'sim', ?, '3fa1b2c4d5e6', "
                   "'0.1.0', ?, ?, 0, 'finished', ?, ?)");
  for (int i = 0; i < kScenarios * kBoards; ++i) {
    const std::string scenario = fmt::format("electron/scenario-{}", i % kScenarios);
    const std::string board = fmt::format("sim-{:02}", i / kScenarios);
    insert
        .with(scenario, night < kNights / 2 ? "electron-2.0.0" : "electron-2.0.1",
              std::to_string(night), kFirstNight + night * kDay, fmt::format("night-{}", night),
              board)
        .run();
  }
  add_cycles(database, database.last_row_id() + 1 - kScenarios * kBoards, night == kNights - 1);
}

// In order of time: those of all boards lie among each other.
void Million::add_cycles(Database& database, std::int64_t first_campaign, bool keep_timelines) {
  Statement cycle(database,
                  "INSERT INTO cycles (campaign, cycle_index, plan, kind, started_unix_us, "
                  "ended_unix_us, verdict, phase, cut_op, cut_address, cut_op_kind, torn, "
                  "cut_at_us, recovery_us, host_us) VALUES (?, ?, ?, ?, 1, 2, ?, ?, ?, 134742016, "
                  "'program', 'prefix.1', ?, 9000000, 71000)");
  Statement finding(database, "INSERT INTO findings VALUES (?, 0, ?, 1, 1000000, ?)");
  Statement timeline(database, "INSERT INTO timelines (cycle, events, packed) VALUES (?, 400, ?)");
  const std::string text(kFindingBytes, 'f');
  rig::base::Bytes packed(kTimelineBytes);
  for (std::uint8_t& byte : packed) byte = static_cast<std::uint8_t>(chance_.below(256));
  for (std::uint64_t k = 0; k < kCycles * kScenarios * kBoards; ++k) {
    const std::uint64_t i = k / (kScenarios * kBoards);
    const auto which = static_cast<std::int64_t>(k % (kScenarios * kBoards));
    const std::string scenario = fmt::format("electron/scenario-{}", which % kScenarios);
    const std::uint64_t op = chance_.below(43'000);
    const bool control = i % 100 == 0;
    const bool fails = !control && chance_.below(1'000) == 0;
    const bool misses = !control && chance_.below(100) == 0;
    const char* verdict = fails ? "stuck" : misses ? "void" : control ? "survived-new" : "resumed";
    cycle
        .with(first_campaign + which, i,
              fmt::format("{}@3fa1b2c4d5e6:flash-op={}.during:torn=prefix.1:cut=board+modem:"
                          "off=2000ms:seed={}",
                          scenario, op, chance_.next()),
              control ? "control" : "cut", verdict, control ? "none" : kPhases[op % 6], op,
              std::int64_t{20'000'000} + static_cast<std::int64_t>(op) * 2'500)
        .run();
    const std::int64_t id = database.last_row_id();
    finding.with(id, verdict, text).run();
    if (fails || keep_timelines) timeline.with(id, packed).run();
  }
}

Million& million() {
  static Million made;
  return made;
}

// Of this process since the last call, in MB.
double peak_memory_mb() {
  std::ifstream status("/proc/self/status");
  double kib = 0;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> kib;
  }
  std::ofstream("/proc/self/clear_refs") << 5;
  return kib * 1024 / 1e6;
}

// Opening included, as a command does.
template <typename Ask>
void ask(benchmark::State& state, const Ask& question) {
  const std::string file = million().file();
  (void)peak_memory_mb();
  for (auto _ : state) {
    Store store(file, {.if_missing = rig::store::IfMissing::refuse});
    question(store);
  }
  state.counters["peak_mb"] = peak_memory_mb();
  state.counters["database_mb"] = million().megabytes();
  state.counters["built_s"] = million().seconds();
}

rig::gate::Policy policy() {
  rig::gate::Policy policy;
  for (int i = 0; i < kScenarios; ++i) {
    policy.scenarios.push_back(fmt::format("electron/scenario-{}", i));
  }
  policy.max_rate = 0.01;
  policy.boards = rig::gate::BoardsRule{.least = kBoards, .cuts_each = 1'000, .kinds = {"sim"}};
  for (const char* phase : kPhases) policy.phases.push_back({.phase = phase, .cuts = 1'000});
  return policy;
}

void gate_of_1000000_cycles(benchmark::State& state) {
  ask(state, [&](Store& store) {
    const auto decision = rig::gate::decide(policy(), rig::gate::gather(store, policy(), {}));
    state.counters["clauses"] = static_cast<double>(decision.clauses.size());
    state.counters["accepted"] = decision.answer == rig::gate::Answer::accept ? 1 : 0;
  });
}
BENCHMARK(gate_of_1000000_cycles)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(3);

void compare_of_1000000_cycles(benchmark::State& state) {
  ask(state, [&](Store& store) {
    const auto before = rig::gate::side_of(store, "firmware=electron-2.0.0");
    const auto after = rig::gate::side_of(store, "firmware=electron-2.0.1");
    state.counters["rows"] =
        static_cast<double>(rig::gate::compare(before, after, 0.95).rows.size());
  });
}
BENCHMARK(compare_of_1000000_cycles)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(3);

// Looks for plans that both pass and fail, so it reads every row.
void history_of_1000000_cycles(benchmark::State& state) {
  ask(state, [&](Store& store) {
    const auto history = rig::gate::history_of(store, {});
    state.counters["nights"] = static_cast<double>(history.scenarios.at(0).nights.size());
  });
}
BENCHMARK(history_of_1000000_cycles)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

void backup_of_1000000_cycles(benchmark::State& state) {
  ask(state, [&](Store& store) {
    const std::string copy = store.database().path() + ".copy";
    (void)rig::store::back_up(store.database().path(), copy);
    std::filesystem::remove(copy);
  });
}
BENCHMARK(backup_of_1000000_cycles)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

// The same seed in every night: each cut may be a repetition, so every plan is read.
void gate_of_1000000_cycles_made_again(benchmark::State& state) {
  Database(million().file(), rig::store::IfMissing::refuse).run("UPDATE campaigns SET seed='7'");
  ask(state, [&](Store& store) {
    const auto evidence = rig::gate::gather(store, policy(), {});
    state.counters["trials"] = static_cast<double>(evidence.boards.cuts.trials);
  });
}
BENCHMARK(gate_of_1000000_cycles_made_again)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(1);

}  // namespace
