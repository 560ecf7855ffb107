// The store's promises: 2,000 cycle rows per second; a campaign of 100,000 cycles opens and
// reports in 10 s; the bytes a cycle takes.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>

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

void report_of_100000_cycles(benchmark::State& state) {
  const Folder folder;
  rig::store::CampaignId id;
  {
    Store store(folder.file());
    id = book_synthetic(store, SyntheticRow{}, kCampaign);
  }
  std::size_t bytes = 0;
  for (auto _ : state) {
    Store store(folder.file(), {.if_missing = rig::store::IfMissing::refuse});
    const auto input = rig::report::load_campaigns(store, std::vector{id});
    const std::string page = rig::report::html(input);
    bytes = page.size();
    benchmark::DoNotOptimize(rig::report::junit(input).size());
    benchmark::DoNotOptimize(rig::report::report_json(input).size());
  }
  state.counters["html_bytes"] = static_cast<double>(bytes);
}
BENCHMARK(report_of_100000_cycles)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

}  // namespace
