// The store's promises: 2,000 cycle rows per second, the bytes a cycle takes; and the report's: a
// campaign of 100,000 cycles in 10 s, a night of 1,000,000 in 15 s with 500 MB.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/junit_report.h"
#include "unit/report/synthetic.h"

namespace {

using rig::report::book_synthetic;
using rig::report::SyntheticRow;
using rig::store::Store;

constexpr std::uint64_t kCampaign = 100'000;

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "otarig-bench-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file() const { return (path_ / "otarig.db").string(); }

 private:
  std::filesystem::path path_;
};

// Packing included, building the timelines too: the true rate is higher.
void book_cycles(benchmark::State& state) {
  const auto cycles = static_cast<std::uint64_t>(state.range(0));
  std::uint64_t bytes = 0;
  for (auto _ : state) {
    const Folder folder;
    Store store(folder.file());
    (void)book_synthetic(store, SyntheticRow{}, cycles);
    store.sync();
    bytes = static_cast<std::uint64_t>(
        store.database().query_integer("SELECT sum(length(packed)) FROM timelines"));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["timeline_bytes_per_cycle"] =
      static_cast<double>(bytes) / static_cast<double>(cycles);
}
BENCHMARK(book_cycles)->Arg(2'000)->Unit(benchmark::kMillisecond)->UseRealTime();

// Of this process since the last call, in MB. What was asked for and given back counts.
double peak_memory_mb() {
  std::ifstream status("/proc/self/status");
  double kib = 0;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> kib;
  }
  std::ofstream("/proc/self/clear_refs") << 5;
  return kib * 1024 / 1e6;
}

// All four formats. The HTML page stays in the build folder, for report_open.sh.
void report(benchmark::State& state, const std::string& database, const std::string& page) {
  const std::string csv = database + ".csv";
  for (auto _ : state) {
    (void)peak_memory_mb();
    Store store(database, {.if_missing = rig::store::IfMissing::refuse});
    std::vector<rig::store::CampaignId> ids;
    for (const auto& campaign : store.campaigns()) ids.push_back(campaign.id);
    const auto input = rig::report::load_campaigns(store, ids);
    std::ofstream(page) << rig::report::html(input);
    benchmark::DoNotOptimize(rig::report::junit(input).size());
    benchmark::DoNotOptimize(rig::report::report_json(input).size());
    state.counters["peak_mb"] = peak_memory_mb();
    std::ofstream table(csv);
    const auto begin = std::chrono::steady_clock::now();
    rig::report::write_csv(store, ids, table);
    const std::chrono::duration<double> csv_time = std::chrono::steady_clock::now() - begin;
    state.counters["of_it_csv_s"] = csv_time.count();
  }
  state.counters["html_mb"] = static_cast<double>(std::filesystem::file_size(page)) / 1e6;
  state.counters["database_mb"] = static_cast<double>(std::filesystem::file_size(database)) / 1e6;
}

void report_of_100000_cycles(benchmark::State& state) {
  const Folder folder;
  {
    Store store(folder.file());
    (void)book_synthetic(store, SyntheticRow{}, kCampaign);
  }
  report(state, folder.file(), OTARIG_BUILD_DIR "/report-of-100000.html");
}
BENCHMARK(report_of_100000_cycles)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

// Five campaigns of 10,000 cuts, booked; then the same on 20 boards, copied from table to table.
// Cycles lie in the file as a night leaves them: in order of time, those of all boards among each
// other. Timelines are those that a night keeps: of failures, and of the last 100,000 cycles.
constexpr const char* kCopies = R"sql(
CREATE TEMP TABLE boards AS WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n
  WHERE k < 19) SELECT k, 'sim-' || k AS name FROM n;
CREATE TEMP TABLE copies AS SELECT c.id AS old, b.k, c.campaign + 5 * b.k AS campaign
  FROM one.cycles c CROSS JOIN boards b ORDER BY c.cycle_index, b.k, c.campaign;
INSERT INTO campaigns SELECT c.id + 5 * k, scenario, scenario_yaml, title, labels, board, firmware,
  firmware_hash, image_hashes, otarig_version, seed, started_unix_us, ended_unix_us, state,
  points_planned, flash_ops_total, batch, name, role FROM one.campaigns c, boards;
INSERT INTO trunks SELECT campaign + 5 * k, events, packed FROM one.trunks, boards;
INSERT INTO cycles SELECT n.rowid, n.campaign, cycle_index, replace(plan, 'seed=7', 'seed=7' || k),
  kind, started_unix_us, ended_unix_us, verdict, phase, cut_op, cut_address, cut_op_kind, torn,
  cut_at_us, recovery_us, host_us, link_profile, attempts
  FROM copies n CROSS JOIN one.cycles c ON c.id = n.old;
INSERT INTO findings SELECT n.rowid, ordinal, verdict, holds, at_ns, text
  FROM copies n CROSS JOIN one.findings ON cycle = n.old;
INSERT INTO timelines SELECT n.rowid, events, packed, shared_events
  FROM copies n CROSS JOIN one.timelines ON cycle = n.old CROSS JOIN one.cycles c ON c.id = n.old
  WHERE n.rowid > 900000 OR c.verdict IN ('unreachable', 'user-firmware-lost');
)sql";

void make_a_night_of_a_million(const Folder& folder) {
  const std::string one = folder.file() + ".one";
  {
    Store store(one, {.commit = rig::store::Commit::timed});
    auto rows = rig::report::synthetic_rows();
    rows.resize(5);
    for (SyntheticRow& row : rows) {
      row.timeline_every = 500;
      (void)book_synthetic(store, row, 10'000);
    }
    store.sync();
  }
  { const Store made(folder.file()); }
  rig::store::Database database(folder.file(), rig::store::IfMissing::refuse);
  database.run(("PRAGMA synchronous=OFF; ATTACH '" + one + "' AS one; BEGIN").c_str());
  database.run(kCopies);
  database.run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

// A night of five scenarios on 20 boards.
void report_of_1000000_cycles(benchmark::State& state) {
  const Folder folder;
  make_a_night_of_a_million(folder);
  report(state, folder.file(), OTARIG_BUILD_DIR "/report-of-1000000.html");
}
BENCHMARK(report_of_1000000_cycles)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

}  // namespace
