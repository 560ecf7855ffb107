// Exploring a product on its network: modem, SIM, server, link and clocks take part.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "base/random.h"
#include "base/rig_error.h"
#include "explore/coverage.h"
#include "explore/exploration.h"
#include "explore/sim_execution.h"
#include "explore/sweep.h"
#include "system/shipped.h"

namespace rig {
namespace {

using explore::Cell;
using explore::StateNumber;

// The shortest whole update over the air, cut everywhere.
scenario::Scenario small_update(const std::string& domains) {
  std::ifstream file(library().scenarios / "emulated/small.yaml");
  std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string none = "cut: none";
  text.replace(text.find(none), none.size(),
               "cut: {sweep: flash-op, points: all, torn: [old, new, prefix, partial-erase], "
               "domains: [" +
                   domains + "], off_for: 2s}");
  const std::string path = testing::TempDir() + "small-" + std::to_string(getpid()) + ".yaml";
  std::ofstream(path) << text;
  return scenario::load(path, library());
}

constexpr std::uint64_t kExecutions = 40;  // of some hundreds: tests must be short

struct Network {
  explicit Network(const std::string& domains)
      : bench(small_update(domains), library()),
        executions(bench, {.seed = 1}, models),
        exploration({.torn = sweep().torn,
                     .jobs = 2,
                     .most_executions = kExecutions,
                     .flash = &bench.mcu().flash},
                    [this](unsigned job) { return executions.recover_of(job); }) {
    explore::SimExecutions::Update update = executions.update();
    changes = update.trace.changes;
    exploration.begin(std::move(update.trace), update.flash);
    end = exploration.run({});
  }
  [[nodiscard]] const scenario::Sweep& sweep() const {
    return std::get<scenario::Sweep>(bench.scenario().cut);
  }
  // Null: not decided.
  [[nodiscard]] const explore::Ending* ending_of(const Cell& cell) const {
    for (const explore::Stretch& stretch : exploration.stretches(explore::kStart)) {
      if (cell.operation < stretch.first || cell.operation > stretch.last) continue;
      const auto model = models.model(changes[cell.operation - 1], cell.operation, stretch.model);
      if (model != cell.torn || stretch.target == explore::kUndecided) continue;
      return &exploration.knowledge().behaviour_of(stretch.target).trace.ending;
    }
    return nullptr;
  }

  board::SimBench bench;
  explore::CellModels models{sweep().torn, bench.mcu().flash};
  explore::SimExecutions executions;
  explore::Exploration exploration;
  std::vector<explore::Change> changes;
  explore::ExploreEnd end{};
};

// As an Ending tells it.
std::string story_of(const record::Timeline& timeline) {
  std::string story;
  for (const record::Event& event : timeline) {
    if (event.lane == record::Lane::flash || event.lane == record::Lane::modem ||
        event.lane == record::Lane::link) {
      continue;
    }
    story += std::string(name_of(event.kind)) + " " + event.text + "\n";
  }
  return story;
}

class OnItsNetwork : public testing::TestWithParam<const char*> {};

// Any cell, executed alone from the very beginning, ends as the exploration says, by every line of
// the console and every message of the server. Few were executed.
TEST_P(OnItsNetwork, CellsEndAsTheirOwnExecution) {
  const Network network(GetParam());
  ASSERT_EQ(network.end, explore::ExploreEnd::budget);
  EXPECT_GT(network.exploration.progress().decided, 20 * kExecutions);
  base::Random random(11);
  int compared = 0;
  for (int i = 0; i < 10'000 && compared < 12; ++i) {
    const std::uint64_t operation = 1 + random.below(network.changes.size());
    const explore::Change& change = network.changes[operation - 1];
    const auto model = random.below(network.models.count(change));
    const Cell cell{operation, network.models.model(change, operation, model)};
    const explore::Ending* ending = network.ending_of(cell);
    if (ending == nullptr) continue;
    const record::CutPlan cut = explore::cut_at(network.bench.scenario(), operation, cell.torn);
    const auto alone = explore::run_single(network.bench, cut, 1);
    EXPECT_EQ(alone.outcome.judgement.verdict, ending->verdict) << record::to_text(cut);
    EXPECT_TRUE(story_of(alone.timeline).ends_with(ending->story)) << record::to_text(cut);
    ++compared;
  }
  EXPECT_EQ(compared, 12);
}
INSTANTIATE_TEST_SUITE_P(Explore, OnItsNetwork, testing::Values("board, modem", "board"));

TEST(Explore, SequencesOfCutsAreOfABoardThatIsAlone) {
  const board::SimBench bench(small_update("board, modem"), library());
  const explore::CellModels models({});
  EXPECT_THROW(explore::SimExecutions(bench, {.seed = 1, .further_cuts = true}, models),
               base::UsageError);
}

}  // namespace
}  // namespace rig
