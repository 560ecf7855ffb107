// A runner taken by its hand: what it answers to single events, without a board.
#include <gtest/gtest.h>

#include <algorithm>

#include "record/vocabulary.h"
#include "scenario/runner.h"
#include "unit/scenario/fake_board.h"
#include "unit/scenario/runner_plans.h"

namespace rig::scenario {
namespace {

using record::EventKind;
using record::Lane;
using test::plan_with;
using test::profile;
using test::seconds;

// "apn_store=n" is not what the device was about to say.
TEST(Runner, ALineThatALossOfPowerBrokeOffIsReadWithoutItsLastWord) {
  const auto hears = [](std::uint64_t how) {
    const std::string words = "system ver=700 mode=normal user=1 user_state=ok apn_store=n";
    Runner runner(plan_with(std::nullopt), profile());
    static_cast<void>(runner.begin(base::kCycleStart));
    return runner.step({base::kCycleStart, Lane::console, EventKind::line, 0, how, words});
  };
  const auto observed = [](const Actions& actions) {
    for (const Action& action : actions) {
      const auto* record = std::get_if<Record>(&action);
      if (record && record->event.kind == EventKind::observed) return record->event.text;
    }
    return std::string();
  };
  EXPECT_EQ(record::field(observed(hears(0)), "apn_store"), "n");
  EXPECT_EQ(record::field(observed(hears(record::kBrokenOff)), "user_state"), "ok");
  EXPECT_FALSE(record::field(observed(hears(record::kBrokenOff)), "apn_store"));
}

// A sweep copies the world at each cut point and gives each copy its own cut.
TEST(Runner, ReplannedCopyIsLikeOnePlannedFromTheStart) {
  const CyclePlan last = plan_with(record::FlashOpTrigger{99, record::OpMoment::during});
  Runner trunk(last, profile());
  static_cast<void>(trunk.begin(base::kCycleStart));
  const auto say = [](Runner& runner, base::Duration at, const std::string& line) {
    return runner.step({base::kCycleStart + at, Lane::console, EventKind::line, 0, 0, line});
  };
  static_cast<void>(trunk.step({base::kCycleStart + seconds(1), Lane::modem, EventKind::state, 0, 0,
                                "attached apn=iot.example.net"}));
  const Actions offered =
      say(trunk, seconds(2), "online mode=normal user=1 system=604 bootloader=700");
  EXPECT_TRUE(std::any_of(offered.begin(), offered.end(),
                          [](const Action& a) { return std::holds_alternative<Offer>(a); }));
  Runner branch = trunk;
  record::CutPlan cut = *last.cut;
  cut.trigger = record::FlashOpTrigger{5, record::OpMoment::during};
  cut.torn = {record::TornKind::prefix, 1};
  branch.replan(cut);
  const Actions actions = branch.trigger_fired(base::kCycleStart + seconds(3));
  ASSERT_FALSE(actions.empty());
  EXPECT_EQ(std::get<CutNow>(actions[0]).torn, cut.torn);
  // The trunk has not moved.
  EXPECT_NE(trunk.wake_time(), branch.wake_time());
}

TEST(Runner, CopiesWithAConsolePatternAreIndependent) {
  const CyclePlan plan = plan_with(record::ConsoleTrigger{"^update begin", 1});
  const Runner original(plan, profile());
  Runner copy = original;
  copy = original;
  EXPECT_FALSE(copy.finished());
  EXPECT_FALSE(copy.wake_time().has_value());
}
}  // namespace
}  // namespace rig::scenario
