#include "campaign/night.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "unit/campaign/stories.h"

namespace rig::campaign {
namespace {

using store::CycleKind;

std::string text_of(const Draw& draw) {
  return (draw.cut ? record::to_text(*draw.cut) : "none") + " " + std::to_string(draw.seed) + " " +
         draw.link + " " + std::to_string(draw.entry);
}

TEST(Night, ACycleFollowsFromSeedAndNumberAlone) {
  const Night night = some_night({some_entry("a"), some_entry("b", 2)});
  const Night again = some_night({some_entry("a"), some_entry("b", 2)});
  Night other = some_night({some_entry("a"), some_entry("b", 2)});
  other.seed = 8;
  int same = 0;
  for (std::uint64_t i = 300; i-- > 0;) {
    EXPECT_EQ(text_of(draw(night, i)), text_of(draw(again, i)));
    same += text_of(draw(night, i)) == text_of(draw(other, i)) ? 1 : 0;
  }
  EXPECT_EQ(same, 0);
}

TEST(Night, ScenariosTakeTurnsByWeight) {
  const Night night = some_night({some_entry("a"), some_entry("b", 3)});
  std::map<std::size_t, int> turns;
  for (std::uint64_t i = 0; i < 400; ++i) ++turns[draw(night, i).entry];
  EXPECT_EQ(turns[0], 100);
  EXPECT_EQ(turns[1], 300);
}

TEST(Night, EveryTenthCycleOfAScenarioIsAControl) {
  const Night night = some_night({some_entry("a"), some_entry("b")});
  std::map<std::size_t, std::vector<CycleKind>> kinds;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const Draw drawn = draw(night, i);
    kinds[drawn.entry].push_back(drawn.kind);
  }
  for (const auto& [entry, list] : kinds) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      EXPECT_EQ(list[i], i % 10 == 0 ? CycleKind::control : CycleKind::cut) << i;
    }
  }
}

TEST(Night, TheKnownBadOneFollowsTheControl) {
  Night night = some_night();
  night.entries[0].known_bad = 0;
  night.known_bad = {some_entry("mutant")};
  night.known_bad[0].cut = std::monostate();
  std::set<std::string> cuts;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Draw drawn = draw(night, i);
    EXPECT_EQ(drawn.known_bad, i % 10 == 1) << i;
    if (drawn.known_bad) {
      EXPECT_EQ(entry_of(night, drawn).scenario, "mutant");
      EXPECT_EQ(drawn.kind, CycleKind::run);
    }
    if (drawn.cut) cuts.insert(record::to_text(*drawn.cut));
  }
  EXPECT_EQ(cuts.size(), 80U);  // none is skipped, none comes twice
}

// Phases of a second are cut as often as phases of half a minute.
TEST(Night, PhasesAreCutInTurn) {
  const Night night = some_night();
  std::map<std::string, int> visits;
  for (std::uint64_t i = 0; i < 800; ++i) {
    const Draw drawn = draw(night, i);
    if (!drawn.cut) continue;
    if (const auto* phase = std::get_if<record::PhaseTrigger>(&drawn.cut->trigger)) {
      ++visits[phase->phase];
    } else {
      ++visits[record::trigger_name(drawn.cut->trigger)];
    }
  }
  EXPECT_EQ(visits["testing"], 180);
  EXPECT_EQ(visits["flash-op"], 90);  // half of `applying`
  // Idle, the second stay of `downloading` and half of the second stay of `applying` are found by
  // the clock.
  EXPECT_EQ(visits["downloading"] + visits["applying"] + visits["time"], 180 + 180 + 90);
  EXPECT_GT(visits["downloading"], 120);
}

TEST(Night, PlacesWithinAPhaseLeaveNoLargeGap) {
  const Night night = some_night();
  std::set<std::int64_t> places;
  for (std::uint64_t i = 0; places.size() < 50; ++i) {
    const Draw drawn = draw(night, i);
    const auto* phase =
        drawn.cut ? std::get_if<record::PhaseTrigger>(&drawn.cut->trigger) : nullptr;
    if (phase != nullptr && phase->phase == "testing") places.insert(drawn.cut->offset.count());
  }
  std::int64_t last = 0;
  std::int64_t gap = 0;
  for (const std::int64_t place : places) {
    gap = std::max(gap, place - last);
    last = place;
  }
  EXPECT_LT(last, base::Duration(2s).count());
  // 50 places in 2 s: 40 ms apart on average. Places by pure chance leave gaps of 200 ms.
  EXPECT_LT(std::max(gap, base::Duration(2s).count() - last), base::Duration(160ms).count());
}

TEST(Night, OperationsAreThoseOfTheControlRunWithModelsThatFitThem) {
  const Night night = some_night();
  std::set<std::uint64_t> ops;
  std::set<record::TornKind> torn;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    const Draw drawn = draw(night, i);
    const auto* op = drawn.cut ? std::get_if<record::FlashOpTrigger>(&drawn.cut->trigger) : nullptr;
    if (op == nullptr) continue;
    EXPECT_TRUE((op->op >= 1 && op->op <= 101) || (op->op >= 200 && op->op < 300)) << op->op;
    const bool partial_erase = drawn.cut->torn.kind == record::TornKind::partial_erase;
    EXPECT_TRUE(!partial_erase || op->op == 1) << op->op;
    ops.insert(op->op);
    torn.insert(drawn.cut->torn.kind);
  }
  EXPECT_GT(ops.size(), 150U);
  EXPECT_GE(torn.size(), 3U);
}

TEST(Night, LinksAreDrawnForCutsOnly) {
  Night night = some_night();
  night.entries[0].links = {"", "edge", "umts"};
  std::map<std::string, int> links;
  for (std::uint64_t i = 0; i < 600; ++i) {
    const Draw drawn = draw(night, i);
    if (drawn.kind == CycleKind::control) {
      EXPECT_EQ(drawn.link, "");
    } else {
      ++links[drawn.link];
    }
  }
  for (const auto& [name, count] : links) EXPECT_NEAR(count, 180, 60) << name;
}

TEST(Night, AScenarioWithOneCutRepeatsItWithOtherSeeds) {
  Night night = some_night();
  record::CutPlan one;
  one.trigger = record::PhaseTrigger{.phase = "applying", .leaving = false};
  night.entries[0].cut = one;
  EXPECT_EQ(draw(night, 1).cut, one);
  EXPECT_EQ(draw(night, 2).cut, one);
  EXPECT_NE(draw(night, 1).seed, draw(night, 2).seed);
}

}  // namespace
}  // namespace rig::campaign
