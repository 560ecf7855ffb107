#include "scenario/points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace rig::scenario {
namespace {

// Erase and program `words` words at `address`.
void module(std::vector<FlashOpInfo>& ops, std::uint32_t address, std::uint32_t words,
            const std::string& phase) {
  const auto add = [&](std::uint32_t at, std::uint32_t bytes, bool erase) {
    ops.push_back({.index = ops.size() + 1,
                   .address = at,
                   .bytes = bytes,
                   .erase = erase,
                   .phase = phase,
                   .at = {}});
  };
  add(address, 131'072, true);
  for (std::uint32_t i = 0; i < words; ++i) {
    add(address + 4 * i, 4, false);
  }
}

std::vector<FlashOpInfo> update() {
  std::vector<FlashOpInfo> ops;
  module(ops, 0x080C0000, 16'000, "downloading");
  module(ops, 0x08004000, 700, "pending");
  module(ops, 0x08080000, 16'000, "applying");
  module(ops, 0x08008000, 700, "applying");
  return ops;
}

TEST(Points, CountOrderAndDeterminism) {
  const auto ops = update();
  for (const std::uint32_t count : {1U, 5U, 60U, 120U, 1000U}) {
    const auto points = choose_points(ops, count, 7);
    EXPECT_LE(points.size(), count);
    EXPECT_GE(points.size(), count * 8 / 10);
    EXPECT_TRUE(std::is_sorted(points.begin(), points.end()));
    EXPECT_EQ(std::set(points.begin(), points.end()).size(), points.size());
    EXPECT_EQ(points, choose_points(ops, count, 7));
  }
  EXPECT_NE(choose_points(ops, 120, 7), choose_points(ops, 120, 8));
}

TEST(Points, EveryEraseAndEveryRunBoundary) {
  const auto ops = update();
  const auto points = choose_points(ops, 120, 7);
  for (const FlashOpInfo& op : ops) {
    const bool first_or_last = op.erase || op.index == ops.size() || ops[op.index].erase ||
                               (op.index > 1 && ops[op.index - 2].erase);
    if (first_or_last) {
      EXPECT_TRUE(std::binary_search(points.begin(), points.end(), op.index)) << op.index;
    }
  }
}

TEST(Points, EveryPhaseAndTheConfigurationGetTheirShare) {
  const auto ops = update();
  std::map<std::string, int> per_phase;
  int configuration = 0;
  for (const std::uint64_t index : choose_points(ops, 120, 7)) {
    ++per_phase[ops[index - 1].phase];
    configuration += ops[index - 1].address < 0x0800C000 ? 1 : 0;
  }
  EXPECT_GE(per_phase["downloading"], 20);
  EXPECT_GE(per_phase["applying"], 20);
  EXPECT_GE(configuration, 30);
  EXPECT_LE(configuration, 60);
}

TEST(Points, SmallUpdatesAreCutEverywhere) {
  std::vector<FlashOpInfo> ops;
  module(ops, 0x08080000, 9, "applying");
  EXPECT_EQ(choose_points(ops, 120, 1).size(), 10U);
  EXPECT_TRUE(choose_points({}, 120, 1).empty());
}

TEST(Points, ExpandRotatesTheModelsThatMakeSense) {
  Sweep sweep;
  sweep.points = 120;
  sweep.domains = {true, true};
  const auto ops = update();
  std::set<std::string> erase_models;
  std::set<std::string> word_models;
  for (const record::CutPlan& cut : expand(sweep, ops, 7)) {
    const auto trigger = std::get<record::FlashOpTrigger>(cut.trigger);
    const FlashOpInfo& op = ops[trigger.op - 1];
    (op.erase ? erase_models : word_models).insert(record::to_text(cut.torn));
    EXPECT_EQ(cut.domains, sweep.domains);
    EXPECT_EQ(cut.off_for, sweep.off_for);
    EXPECT_FALSE(!op.erase && cut.torn.kind == record::TornKind::partial_erase);
  }
  EXPECT_EQ(word_models, (std::set<std::string>{"old", "new", "prefix.1"}));
  EXPECT_EQ(erase_models, (std::set<std::string>{"old", "new", "prefix.250", "partial-erase.500"}));
}

TEST(Points, TimeSweepCoversTheUpdateEvenly) {
  Sweep sweep;
  sweep.over = SweepOver::time;
  sweep.points = 100;
  const auto cuts = expand(sweep, std::chrono::seconds(200), 7);
  ASSERT_EQ(cuts.size(), 100U);
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const auto after = std::get<record::TimeTrigger>(cuts[i].trigger).after;
    EXPECT_GE(after, std::chrono::seconds(2 * i));
    EXPECT_LT(after, std::chrono::seconds(2 * (i + 1)));
  }
}

}  // namespace
}  // namespace rig::scenario
