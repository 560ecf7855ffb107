// Pruning on the simulated chip: variants of an updater, correct and not, explored with and
// without.
#include <gtest/gtest.h>

#include "unit/explore/synthetic.h"
#include "unit/explore/updater.h"

namespace rig::explore {
namespace {

using record::TornKind;
using testing::UpdaterBoard;

const std::vector<TornKind> kUpdaterTorn{TornKind::old_state, TornKind::new_state, TornKind::prefix,
                                         TornKind::one_bit, TornKind::partial_erase};

Exploration::RecoverOf only(UpdaterBoard& board) {
  return [&board](unsigned) -> Recover {
    return [&board](RestNumber rest, base::ByteView flash) { return board.execute(rest, flash); };
  };
}

// Every cell, with every line of the console.
TEST(Variants, PrunedAndUnprunedAgreeOnEveryCell) {
  UpdaterBoard board;
  std::uint64_t failing = 0;
  std::uint64_t cells = 0;
  std::uint64_t executions = 0;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const base::Bytes flash = testing::updater(seed);
    const Trace update = board.execute(0, flash);
    ASSERT_EQ(update.ending.verdict, record::Verdict::survived_new) << update.ending.story;
    ASSERT_GT(update.changes.size(), 3U);
    Exploration pruned({.torn = kUpdaterTorn}, only(board));
    Exploration plain({.torn = kUpdaterTorn, .prune = false}, only(board));
    pruned.begin(update, flash);
    plain.begin(update, flash);
    ASSERT_EQ(pruned.run({}), ExploreEnd::covered);
    ASSERT_EQ(plain.run({}), ExploreEnd::covered);
    for (const Cell& cell : testing::all_cells(pruned.models(), update.changes)) {
      const auto ending_in = [&cell](const Exploration& exploration) {
        return exploration.knowledge()
            .behaviour_of(testing::target_of(exploration, kStart, cell))
            .trace.ending;
      };
      const Ending expected = ending_in(plain);
      EXPECT_EQ(ending_in(pruned).story, expected.story)
          << "seed " << seed << " op " << cell.operation << " " << record::to_text(cell.torn);
      failing += expected.verdict == record::Verdict::bricked ? 1 : 0;
      ++cells;
    }
    executions += pruned.progress().executions;
  }
  EXPECT_GT(failing, 50U);  // variants that can fail are among them
  EXPECT_LT(failing, cells);
  EXPECT_LT(executions, cells);
}

}  // namespace
}  // namespace rig::explore
