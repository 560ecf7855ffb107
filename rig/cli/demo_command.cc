#include <fmt/format.h>

#include <chrono>
#include <fstream>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/reporting.h"
#include "cli/running.h"
#include "cli/workspace.h"
#include "report/matrix.h"

namespace rig::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBatch = "demo";

// One scenario name a line; blank lines and lines that begin with '#' do not count.
std::vector<std::string> scenario_list(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) throw base::UsageError(fmt::format("demo: cannot read '{}'", file.string()));
  std::vector<std::string> names;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.front() != '#') names.push_back(line);
  }
  return names;
}

// The demo shows one comparison, not the history of all the times it was run.
store::Store fresh_store(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    fs::remove(fs::path(file.string() + suffix), ignored);
  }
  return store::Store(file.string());
}

ReportFiles files_in(const fs::path& folder) {
  return {.html = folder / "demo.html",
          .junit = folder / "demo.junit.xml",
          .json = folder / "demo.json",
          .csv = folder / "demo.csv"};
}

// A scenario that sweeps is swept; any other is one run.
store::CampaignId try_scenario(const SweepHost& host, const std::string& name,
                               const SweepOptions& options, int& exit_code) {
  const Workspace workspace = open_scenario(host.invocation, name);
  if (std::holds_alternative<scenario::Sweep>(workspace.scenario.cut)) {
    const SweepReport sweep = sweep_scenario(host, name, options);
    if (sweep.end == explore::SweepEnd::stopped) exit_code = kExitInterrupted;
    if (sweep.end == explore::SweepEnd::control_failed) exit_code = kExitNoTrial;
    return sweep.campaign;
  }
  const board::SimBench bench(workspace.scenario, workspace.library);
  const auto* cut = std::get_if<record::CutPlan>(&workspace.scenario.cut);
  return run_cycle(host.store, bench,
                   {.cut = cut != nullptr ? std::optional(*cut) : std::nullopt,
                    .seed = options.seed.value_or(bench.scenario().seed),
                    .batch = options.batch})
      .campaign;
}

std::size_t cut_cycles(const std::vector<store::CampaignSummary>& rows) {
  std::size_t total = 0;
  for (const store::CampaignSummary& row : rows) total += row.cuts.total();
  return total;
}

void present(store::Store& store, const std::vector<store::CampaignId>& campaigns,
             const fs::path& out, double seconds) {
  const report::ReportInput input =
      load_report(store, campaigns, "Does an interrupted update brick my devices?");
  const ReportFiles files = files_in(out);
  write_reports(store, input, files);
  const auto rows = report::summaries_of(input);
  const std::size_t cycles = cut_cycles(rows);
  fmt::print("\n{}\n{}\n", report::matrix_text(rows), report::sentences_text(rows));
  fmt::print("{} cut cycles in {:.1f} s ({:.1f} per second)\n", cycles, seconds,
             static_cast<double>(cycles) / seconds);
  write_text(out / "demo.md", report::matrix_markdown(rows));
  fmt::print("report:   {}\n", fs::absolute(files.html).string());
  fmt::print("database: {}\n", fs::absolute(out / "demo.db").string());
}

}  // namespace

void DemoCommand::run(Invocation& invocation) {
  InterruptWatch interrupt;
  const fs::path fixtures = find_fixtures(invocation.fixtures, fs::current_path());
  const fs::path list =
      list_.empty() ? fixtures.parent_path() / "scenarios/electron/demo.txt" : fs::path(list_);
  const std::vector<std::string> scenarios = scenario_list(list);
  fs::create_directories(out_);
  store::Store store = fresh_store(fs::path(out_) / "demo.db");
  options_.batch = kBatch;
  std::vector<store::CampaignId> campaigns;
  const auto begun = std::chrono::steady_clock::now();
  for (const std::string& scenario : scenarios) {
    campaigns.push_back(
        try_scenario({invocation, store, interrupt}, scenario, options_, invocation.exit_code));
    if (interrupt.pending()) invocation.exit_code = kExitInterrupted;
    if (invocation.exit_code == kExitInterrupted) break;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  present(store, campaigns, out_, took.count());
}

}  // namespace rig::cli
