#include "cli/exploring.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace rig::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string_view name_of(explore::ExploreEnd end) {
  switch (end) {
    case explore::ExploreEnd::covered:
      return "covered";
    case explore::ExploreEnd::closed:
      return "closed";
    case explore::ExploreEnd::budget:
      return "budget";
  }
  return "";
}

double rate_of(const explore::Coverage& coverage) {
  return coverage.seconds > 0 ? static_cast<double>(coverage.transitions) / coverage.seconds : 0;
}

}  // namespace

ExploringLine::ExploringLine(std::string title)
    : title_(std::move(title)), begun_(Clock::now()), drawn_(begun_) {}

void ExploringLine::show(const explore::Progress& progress) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const auto now = Clock::now();
  if (now - drawn_ < (terminal ? std::chrono::milliseconds(200) : std::chrono::seconds(5))) return;
  drawn_ = now;
  fmt::print(stderr, "{}{}: {} of {} cells decided, {} recoveries executed, {} states, {:.0f} s{}",
             terminal ? "\r\x1b[K" : "", title_, progress.decided, progress.cells,
             progress.executions, progress.states,
             std::chrono::duration<double>(now - begun_).count(), terminal ? "" : "\n");
  std::fflush(stderr);
}

std::string to_text(const explore::Coverage& coverage) {
  std::string text = fmt::format("  {}\n", explore::sentence_of(coverage));
  text += fmt::format(
      "  {} flash operations; {} recoveries executed, {} classes, {} behaviours; {:.0f} cells/s\n",
      coverage.operations, coverage.executions, coverage.classes, coverage.behaviours,
      rate_of(coverage));
  for (const explore::CellCount& count : coverage.models) {
    text += fmt::format("  {:>8} {:<16} {:>8} of {:>8} decided, {:>7} fail\n", count.operation,
                        count.model, count.decided, count.total, count.failing);
  }
  for (const explore::DepthCount& depth : coverage.depths) {
    if (depth.cuts == 1) continue;
    text += fmt::format("  cut {:<4} from {:>6} states {:>10} of {:>10} decided, {:>7} fail\n",
                        depth.cuts, depth.states, depth.decided, depth.cells, depth.failing);
  }
  return text;
}

nlohmann::json to_json(const explore::Coverage& coverage) {
  nlohmann::json models = nlohmann::json::array();
  for (const explore::CellCount& count : coverage.models) {
    models.push_back({{"operation", count.operation},
                      {"model", count.model},
                      {"total", count.total},
                      {"decided", count.decided},
                      {"failing", count.failing}});
  }
  nlohmann::json depths = nlohmann::json::array();
  for (const explore::DepthCount& depth : coverage.depths) {
    depths.push_back({{"cuts", depth.cuts},
                      {"states", depth.states},
                      {"total", depth.cells},
                      {"decided", depth.decided},
                      {"failing", depth.failing}});
  }
  return {{"end", name_of(coverage.end)},
          {"says", explore::sentence_of(coverage)},
          {"cuts", coverage.cuts},
          {"operations", coverage.operations},
          {"cells", models},
          {"depths", depths},
          {"executions", coverage.executions},
          {"states", coverage.states},
          {"transitions", coverage.transitions},
          {"classes", coverage.classes},
          {"behaviours", coverage.behaviours},
          {"memory_bytes", coverage.memory_bytes},
          {"seconds", coverage.seconds},
          {"cells_per_second", rate_of(coverage)},
          {"not_covered", explore::not_covered()}};
}

store::Explored explored_row(const explore::Coverage& coverage) {
  nlohmann::json object = to_json(coverage);
  nlohmann::json map = nlohmann::json::array();
  for (const explore::MapRun& run : coverage.map) {
    map.push_back({{"operation", run.operation},
                   {"model", run.model},
                   {"first", run.first},
                   {"last", run.last},
                   {"from", run.from},
                   {"until", run.until},
                   {"verdict", run.verdict ? record::name_of(*run.verdict) : ""}});
  }
  object["map"] = std::move(map);
  const explore::CellCount cells = explore::cells_of(coverage);
  return {.cells = cells.total,
          .decided = cells.decided,
          .failing = cells.failing,
          .coverage = object.dump()};
}

}  // namespace rig::cli
