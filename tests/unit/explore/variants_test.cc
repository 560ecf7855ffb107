// Pruning on the simulated chip: variants of an updater, correct and not, explored with and
// without.
#include <gtest/gtest.h>

#include "unit/explore/synthetic.h"
#include "unit/explore/updater.h"

namespace rig::explore {
namespace {

using record::TornKind;
using testing::UpdaterBoard;

const std::vector<TornKind> kUpdaterTorn{
    TornKind::old_state,     TornKind::new_state,  TornKind::prefix,   TornKind::one_bit,
    TornKind::partial_erase, TornKind::metastable, TornKind::neighbour};

Exploration::RecoverOf only(UpdaterBoard& board) {
  return [&board](unsigned) -> Recover {
    return [&board](const PowerOn& world) { return board.execute(world); };
  };
}

struct Compared {
  std::uint64_t cells{};
  std::uint64_t failing{};
  std::uint64_t executions{};  // with pruning
};

// Every cell, with every line of the console.
void compare(std::uint64_t seed, ExploreSettings settings, UpdaterBoard& board, Compared& sum) {
  const base::Bytes flash = testing::updater(seed);
  const Trace update = board.execute({.rest = 0, .flash = flash});
  ASSERT_EQ(update.ending.verdict, record::Verdict::survived_new) << update.ending.story;
  ASSERT_GT(update.changes.size(), 3U);
  Exploration pruned(settings, only(board));
  settings.prune = false;
  Exploration plain(settings, only(board));
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
    sum.failing += expected.verdict == record::Verdict::bricked ? 1 : 0;
    ++sum.cells;
  }
  sum.executions += pruned.progress().executions;
}

TEST(Variants, PrunedAndUnprunedAgreeOnEveryCell) {
  UpdaterBoard board;
  Compared sum;
  for (std::uint64_t seed = 1; seed <= 24; ++seed)
    compare(seed, {.torn = kUpdaterTorn}, board, sum);
  EXPECT_GT(sum.failing, 50U);  // variants that can fail are among them
  EXPECT_LT(sum.failing, sum.cells);
  EXPECT_LT(sum.executions, sum.cells);
}

// Pruned as well: of all worlds behind a cut many are one.
void expect_agreement(const simulator::McuDescription& chip, TornKind kind, Compared& sum) {
  UpdaterBoard board(chip);
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    compare(seed, {.torn = {TornKind::old_state, kind}, .flash = &chip.flash}, board, sum);
  }
  EXPECT_LT(sum.failing, sum.cells);
  EXPECT_LT(sum.executions, sum.cells);
}

// On flash with an ECC over eight bytes, unreadable where a cut left it torn.
TEST(Variants, PrunedAndUnprunedAgreeWhereTornWordsRaiseAFault) {
  for (const auto fault : {simulator::EccFault::bus_fault, simulator::EccFault::nmi}) {
    simulator::McuDescription chip = simulator::stm32f205();
    chip.flash.ecc = fault;
    chip.flash.unit = 8;
    Compared sum;
    expect_agreement(chip, TornKind::bad_ecc, sum);
    EXPECT_GT(sum.failing, 20U);
  }
}

// On flash that says "done" before it is: the operation before the cut may never have been.
TEST(Variants, PrunedAndUnprunedAgreeWhereAnOperationWasDropped) {
  simulator::McuDescription chip = simulator::stm32f205();
  chip.flash.buffered = true;
  Compared sum;
  expect_agreement(chip, TornKind::dropped, sum);
  EXPECT_GT(sum.failing, 20U);
}

}  // namespace
}  // namespace rig::explore
