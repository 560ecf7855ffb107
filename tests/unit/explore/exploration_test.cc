// Pruned exploration against trying everything, on machines small enough for both.
#include "explore/exploration.h"

#include <gtest/gtest.h>

#include "unit/explore/synthetic.h"

namespace rig::explore {
namespace {

using record::TornKind;
using testing::after_cut;
using testing::SmallFlash;
using testing::SyntheticMachine;
using testing::target_of;

const std::vector<TornKind> kTorn{TornKind::old_state, TornKind::new_state, TornKind::prefix,
                                  TornKind::one_bit, TornKind::partial_erase};

ExploreEnd explore(Exploration& exploration, SyntheticMachine& machine) {
  exploration.begin(machine.execute(machine.start()), machine.start().whole());
  return exploration.run({});
}

Exploration::RecoverOf recovering_with(SyntheticMachine& machine) {
  return [&machine](unsigned) -> Recover {
    return [&machine](const PowerOn& world) {
      return machine.execute(SmallFlash(world.flash), world.rest);
    };
  };
}

TEST(Exploration, EveryCellEndsAsItsOwnExecution) {
  std::uint64_t cells = 0;
  std::uint64_t executions = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SyntheticMachine machine(seed);
    Exploration exploration({.torn = kTorn}, recovering_with(machine));
    ASSERT_EQ(explore(exploration, machine), ExploreEnd::covered);
    executions += machine.executions;
    const auto& changes = exploration.knowledge().behaviour_of(kStart).trace.changes;
    for (const Cell& cell : testing::all_cells(exploration.models(), changes)) {
      const SmallFlash world = after_cut(machine.start(), changes, cell);
      const StateNumber target = target_of(exploration, kStart, cell);
      ASSERT_NE(target, kUndecided);
      EXPECT_EQ(exploration.knowledge().behaviour_of(target).trace.ending,
                machine.execute(world).ending)
          << "seed " << seed << " op " << cell.operation << " " << record::to_text(cell.torn);
      ++cells;
    }
  }
  EXPECT_LT(executions, cells);
}

// The cells of a world that another one stands for: the reason why states need more than they read.
TEST(Exploration, SecondCutsOfEveryWorldEndAsTheirOwnExecution) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SyntheticMachine machine(seed);
    Exploration exploration({.torn = kTorn, .cuts = 2}, recovering_with(machine));
    static_cast<void>(explore(exploration, machine));
    const Knowledge& knowledge = exploration.knowledge();
    const auto& changes = knowledge.behaviour_of(kStart).trace.changes;
    for (const Cell& first : testing::all_cells(exploration.models(), changes)) {
      const SmallFlash world = after_cut(machine.start(), changes, first);
      const StateNumber middle = target_of(exploration, kStart, first);
      const auto& again = knowledge.behaviour_of(middle).trace.changes;
      for (const Cell& second : testing::all_cells(exploration.models(), again)) {
        const StateNumber target = target_of(exploration, middle, second);
        ASSERT_NE(target, kUndecided);
        ASSERT_EQ(knowledge.behaviour_of(target).trace.ending,
                  machine.execute(after_cut(world, again, second)).ending)
            << "seed " << seed << " ops " << first.operation << ", " << second.operation;
      }
    }
  }
}

// Empty: too many worlds to try.
std::optional<std::set<std::string>> endings_of_all_sequences(SyntheticMachine& machine,
                                                              const CellModels& models) {
  constexpr std::size_t kMostWorlds = 1500;
  std::set<SmallFlash> seen{machine.start()};
  std::vector<SmallFlash> waiting{machine.start()};
  std::set<std::string> endings;
  while (!waiting.empty()) {
    const SmallFlash flash = waiting.back();
    waiting.pop_back();
    const Trace trace = machine.execute(flash);
    endings.insert(trace.ending.story);
    for (const Cell& cell : testing::all_cells(models, trace.changes)) {
      const SmallFlash next = after_cut(flash, trace.changes, cell);
      if (seen.insert(next).second) waiting.push_back(next);
      if (seen.size() > kMostWorlds) return std::nullopt;
    }
  }
  return endings;
}

// Every ending that a walk over all worlds, one by one, can reach, and no other.
TEST(Exploration, ClosedSetHasTheEndingsOfAllSequencesOfCuts) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SyntheticMachine machine(seed);
    Exploration exploration({.torn = kTorn, .cuts = 0}, recovering_with(machine));
    const auto expected = endings_of_all_sequences(machine, exploration.models());
    if (!expected) continue;
    ++compared;
    ASSERT_EQ(explore(exploration, machine), ExploreEnd::closed);
    std::set<std::string> explored;
    for (BehaviourNumber i = 0; i < exploration.knowledge().behaviours(); ++i) {
      explored.insert(exploration.knowledge().behaviour(i).trace.ending.story);
    }
    EXPECT_EQ(explored, *expected) << "seed " << seed;
  }
  EXPECT_GE(compared, 8);
}

TEST(Exploration, JobsChangeNoTarget) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SyntheticMachine machine(seed);
    SyntheticMachine other(seed);
    Exploration one({.torn = kTorn, .cuts = 2}, recovering_with(machine));
    Exploration many({.torn = kTorn, .cuts = 2, .jobs = 3}, recovering_with(other));
    EXPECT_EQ(explore(one, machine), explore(many, other));
    const auto& changes = one.knowledge().behaviour_of(kStart).trace.changes;
    for (const Cell& cell : testing::all_cells(one.models(), changes)) {
      EXPECT_EQ(one.knowledge().behaviour_of(target_of(one, kStart, cell)).trace.ending,
                many.knowledge().behaviour_of(target_of(many, kStart, cell)).trace.ending);
    }
  }
}

TEST(Exploration, BudgetLeavesCellsUndecidedAndSaysSo) {
  SyntheticMachine machine(3);
  Exploration exploration({.torn = kTorn, .cuts = 0, .most_executions = 3},
                          recovering_with(machine));
  EXPECT_EQ(explore(exploration, machine), ExploreEnd::budget);
  EXPECT_EQ(machine.executions, 3U);
  const Progress progress = exploration.progress();
  EXPECT_LT(progress.decided, progress.cells);
}

TEST(Exploration, WithoutPruningEveryCellIsExecuted) {
  SyntheticMachine machine(5);
  Exploration exploration({.torn = kTorn, .prune = false}, recovering_with(machine));
  static_cast<void>(explore(exploration, machine));
  EXPECT_EQ(machine.executions, 1 + exploration.progress().cells);
  EXPECT_EQ(exploration.progress().decided, exploration.progress().cells);
}

TEST(Exploration, RefusesAMachineThatIsNotDeterministic) {
  const base::Bytes flash = SmallFlash{}.whole();
  std::uint32_t turn = 0;
  const auto fickle = [&turn](const PowerOn&) {
    Trace trace;
    trace.reads = {8 + turn++ % 2, 100};
    trace.rests = {{0, 0}};
    trace.changes = {Change::program(400, 4, 1), Change::program(404, 4, 1)};
    return trace;
  };
  Exploration exploration({.torn = {}}, [&](unsigned) -> Recover { return fickle; });
  exploration.begin(fickle({}), flash);
  EXPECT_ANY_THROW(exploration.run({}));
}

}  // namespace
}  // namespace rig::explore
