// Better or worse, or chance.
#include "gate/comparing.h"

#include <gtest/gtest.h>

#include "base/rig_error.h"
#include "unit/gate/stored.h"

namespace rig::gate {
namespace {

using record::Verdict;
using test::book;
using test::cuts;
using test::operator+;

Side side(const std::string& name, std::vector<ScenarioCounts> scenarios) {
  return {.name = name, .builds = name + "@1", .scenarios = std::move(scenarios)};
}

ScenarioCounts counts(const std::string& scenario, Count downloading, Count applying) {
  ScenarioCounts found{.scenario = scenario};
  add_to(found.phases, "downloading", downloading);
  add_to(found.phases, "applying", applying);
  found.cuts.add(downloading);
  found.cuts.add(applying);
  return found;
}

const ComparedRow& row(const Comparison& comparison, const std::string& phase) {
  for (const ComparedRow& each : comparison.rows) {
    if (each.phase == phase) return each;
  }
  throw std::runtime_error("no row " + phase);
}

TEST(Compare, NamesThePhaseThatGotWorse) {
  const Comparison found = compare(side("old", {counts("a", {0, 60}, {0, 40})}),
                                   side("bad", {counts("a", {0, 60}, {13, 40})}), 0.95);
  EXPECT_EQ(found.change, Change::worse);
  EXPECT_EQ(row(found, "applying").change, Change::worse);
  EXPECT_EQ(row(found, "downloading").change, Change::none);
  EXPECT_LT(row(found, "applying").p_value, 1e-4);
  EXPECT_GT(row(found, "applying").difference.low, 0);
  EXPECT_NE(to_text(found).find("0 of 40 -> 13 of 40 fail"), std::string::npos) << to_text(found);
  EXPECT_NE(to_json(found).find("\"change\": \"worse\""), std::string::npos);
}

TEST(Compare, TheOtherWayRoundIsBetter) {
  const Comparison found = compare(side("bad", {counts("a", {0, 60}, {13, 40})}),
                                   side("new", {counts("a", {0, 60}, {0, 40})}), 0.95);
  EXPECT_EQ(found.change, Change::better);
}

TEST(Compare, ASmallDifferenceMayBeChance) {
  const Comparison found = compare(side("old", {counts("a", {0, 60}, {1, 40})}),
                                   side("next", {counts("a", {0, 60}, {3, 40})}), 0.95);
  EXPECT_EQ(found.change, Change::none);
  EXPECT_NE(to_text(found).find("no difference that could not be chance"), std::string::npos);
}

// One of twenty tests comes out at 5 % by chance alone: together they must not.
TEST(Compare, ManyTestsMakeItHarder) {
  std::vector<ScenarioCounts> before;
  std::vector<ScenarioCounts> after;
  for (int i = 0; i < 20; ++i) {
    before.push_back(counts("s" + std::to_string(i), {0, 0}, {0, 40}));
    after.push_back(counts("s" + std::to_string(i), {0, 0}, {i == 7 ? 6U : 0U, 40}));
  }
  const Comparison found = compare(side("old", before), side("next", after), 0.95);
  EXPECT_LT(row(found, "").p_value, 1.1);
  const auto& worst = found.rows.at(14);  // of scenario 7, all phases
  EXPECT_EQ(worst.scenario, "s7");
  EXPECT_LT(worst.p_value, 0.05);
  EXPECT_GT(worst.p_together, 0.05);
  EXPECT_EQ(found.change, Change::none);
}

TEST(Compare, APhaseOnOneSideIsShownUntested) {
  const Comparison found = compare(side("old", {counts("a", {0, 60}, {0, 0})}),
                                   side("next", {counts("a", {0, 60}, {5, 40})}), 0.95);
  EXPECT_NE(to_text(found).find("a, applying: no cut landed -> 5 of 40 fail\n"), std::string::npos);
  EXPECT_EQ(row(found, "applying").p_value, 1);
}

TEST(Compare, TellsScenariosThatCameAndWent) {
  const Comparison found =
      compare(side("old", {counts("a", {0, 9}, {0, 9}), counts("b", {0, 9}, {0, 9})}),
              side("next", {counts("a", {0, 9}, {0, 9}), counts("c", {0, 9}, {0, 9})}), 0.95);
  EXPECT_EQ(found.only_before, std::vector<std::string>{"b"});
  EXPECT_EQ(found.only_after, std::vector<std::string>{"c"});
}

TEST(Compare, NothingInCommonIsRefused) {
  const Side two = side("two", {counts("a", {0, 9}, {0, 9}), counts("b", {0, 9}, {0, 9})});
  const Side other = side("other", {counts("c", {0, 9}, {0, 9})});
  EXPECT_THROW((void)compare(two, other, 0.95), base::UsageError);
  EXPECT_EQ(compare(side("one", {counts("x", {0, 9}, {0, 9})}), other, 0.95).rows.at(0).scenario,
            "x against c");
}

class Sides : public testing::Test {
 protected:
  [[nodiscard]] std::string complaint(const std::string& name) {
    try {
      (void)side_of(store_, name);
    } catch (const base::UsageError& error) {
      return error.what();
    }
    return "";
  }
  store::TemporaryFile file_;
  store::Store store_{file_.path()};
};

TEST_F(Sides, AreNamedInManyWays) {
  book(store_, {.batch = "monday", .seed = 1}, cuts(4, Verdict::resumed));
  book(store_,
       {.firmware = "electron-0.7.0",
        .hash = "beef",
        .board = "serial",
        .board_name = "desk",
        .batch = "tuesday",
        .seed = 2},
       cuts(5, Verdict::stuck));
  const auto trials = [&](const std::string& name) {
    return side_of(store_, name).scenarios.at(0).cuts.trials;
  };
  EXPECT_EQ(trials("1"), 4U);
  EXPECT_EQ(trials("monday"), 4U);
  EXPECT_EQ(trials("batch=tuesday"), 5U);
  EXPECT_EQ(trials("campaign=2"), 5U);
  EXPECT_EQ(trials("electron-0.7.0"), 5U);
  EXPECT_EQ(trials("firmware=electron-0.7.0@be"), 5U);
  EXPECT_EQ(trials("board=desk"), 5U);
  EXPECT_EQ(trials("desk"), 5U);
  EXPECT_EQ(trials("board=sim"), 4U);
  EXPECT_EQ(side_of(store_, "tuesday").builds, "electron-0.7.0@beef");
}

TEST_F(Sides, ThatDoNotExistAreNamedWithWhatDoes) {
  book(store_, {.batch = "monday"}, cuts(4, Verdict::resumed));
  EXPECT_NE(complaint("mondy").find("Did you mean 'monday'?"), std::string::npos);
  EXPECT_NE(complaint("sin").find("no batch, firmware or board 'sin'; there are: electron-2.0.0, "
                                  "monday, sim. Did you mean 'sim'?"),
            std::string::npos)
      << complaint("sin");
  EXPECT_NE(complaint("99").find("there is no campaign 99"), std::string::npos);
  EXPECT_NE(complaint("firmware=electron-2.0.0@dead").find("no build of electron-2.0.0 'dead'"),
            std::string::npos);
  EXPECT_NE(complaint("bord=x").find("Did you mean 'board'?"), std::string::npos);
  EXPECT_NE(complaint("campaign=x").find("no campaign number"), std::string::npos);
}

TEST_F(Sides, MustNotOverlap) {
  book(store_, {.batch = "monday"}, cuts(4, Verdict::resumed));
  EXPECT_THROW((void)compare(side_of(store_, "monday"), side_of(store_, "1"), 0.95),
               base::UsageError);
}

}  // namespace
}  // namespace rig::gate
