#include "scenario/runner.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "record/judge.h"
#include "record/vocabulary.h"
#include "unit/scenario/fake_board.h"
#include "unit/scenario/runner_plans.h"

namespace rig::scenario {
namespace {

using record::EventKind;
using record::Lane;
using record::Verdict;
using std::chrono::minutes;
using test::Device;
using test::FakeBoard;
using test::milliseconds;
using test::plan_with;
using test::profile;
using test::seconds;

std::vector<std::string> rig_steps(const record::Timeline& timeline) {
  std::vector<std::string> steps;
  for (const record::Event& event : timeline) {
    if (event.lane == Lane::rig) {
      steps.emplace_back(record::name_of(event.kind));
    }
  }
  return steps;
}

std::vector<record::Event> of_kind(const record::Timeline& timeline, EventKind kind) {
  std::vector<record::Event> found;
  std::copy_if(timeline.begin(), timeline.end(), std::back_inserter(found),
               [kind](const record::Event& event) { return event.kind == kind; });
  return found;
}

Verdict verdict_of(const CyclePlan& plan, const record::Timeline& timeline) {
  return record::judge(plan.contract, timeline).verdict;
}

const record::Trigger kOp42 = record::FlashOpTrigger{42, record::OpMoment::during};

TEST(Runner, ControlRunGoesThroughEveryStage) {
  const CyclePlan plan = plan_with(std::nullopt);
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  EXPECT_EQ(
      rig_steps(timeline),
      (std::vector<std::string>{"cycle_begin", "provisioned", "update_offered", "clean_reboot",
                                "clean_reboot", "clean_reboot", "update_offered", "cycle_end"}));
  EXPECT_EQ(board.power_ons(), 4);
  EXPECT_EQ(board.device.user, 3);
  EXPECT_EQ(timeline.front().value, 7U);
  EXPECT_EQ(record::judge_control(plan.contract, timeline).verdict, Verdict::survived_new);
}

TEST(Runner, FlashOpCutLandsAndTheDeviceRecovers) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  const auto landed = of_kind(timeline, EventKind::cut_landed);
  ASSERT_EQ(landed.size(), 1U);
  EXPECT_EQ(landed[0].value, 42U);
  EXPECT_EQ(landed[0].text,
            "phase=downloading plan=flash-op=42.during:torn=old:cut=board+modem:off=2000ms");
  const auto on = of_kind(timeline, EventKind::on);
  ASSERT_EQ(on.size(), 5U);
  EXPECT_EQ(on[1].at - landed[0].at, seconds(2));
  EXPECT_EQ(of_kind(timeline, EventKind::cut_armed)[0].text, "flash-op");
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::retried);
}

TEST(Runner, FurtherCutsLandInTheRecoveries) {
  CyclePlan plan = plan_with(kOp42);
  plan.cut->then = {{7, {record::TornKind::new_state, 0}}, {100, {}}};
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  const auto landed = of_kind(timeline, EventKind::cut_landed);
  ASSERT_EQ(landed.size(), 3U);
  EXPECT_EQ(landed[0].value, 42U);
  EXPECT_EQ(landed[1].value, 7U);  // counted from the return of power
  EXPECT_EQ(landed[2].value, 100U);
  EXPECT_EQ(of_kind(timeline, EventKind::on).size(), 1U + 3U + 3U);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::retried);
}

TEST(Runner, AFurtherCutThatNeverComesMakesTheTrialVoid) {
  CyclePlan plan = plan_with(kOp42);
  plan.cut->then = {{100'000, {}}};
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  const auto missed = of_kind(timeline, EventKind::cut_missed);
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_NE(missed[0].text.find("the recovery was over before cut 2"), std::string::npos);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::void_trial);
}

TEST(Runner, TimelineIsInOrderOfTime) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  EXPECT_TRUE(std::is_sorted(timeline.begin(), timeline.end(),
                             [](const auto& a, const auto& b) { return a.at < b.at; }));
}

TEST(Runner, SameSeedSameTimeline) {
  CyclePlan plan = plan_with(record::TimeTrigger{seconds(1)});
  plan.cut->dither = milliseconds(500);
  const auto run = [&plan] { return FakeBoard(plan, profile()).run(); };
  const record::Timeline first = run();
  EXPECT_EQ(first, run());
  plan.seed = 8;
  EXPECT_NE(of_kind(first, EventKind::cut_landed)[0].at,
            of_kind(run(), EventKind::cut_landed)[0].at);
}

TEST(Runner, TimeTriggerCountsFromTheOffer) {
  const CyclePlan plan = plan_with(record::TimeTrigger{milliseconds(1500)});
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::cut_landed)[0].at -
                of_kind(timeline, EventKind::update_offered)[0].at,
            milliseconds(1500));
}

TEST(Runner, PhaseTriggersOnEnteringAndLeaving) {
  for (const bool leaving : {false, true}) {
    const CyclePlan plan = plan_with(record::PhaseTrigger{"pending", leaving});
    FakeBoard board(plan, profile());
    const auto& timeline = board.run();
    const auto landed = of_kind(timeline, EventKind::cut_landed);
    ASSERT_EQ(landed.size(), 1U);
    EXPECT_EQ(record::field(landed[0].text, "phase"), leaving ? "rebooting" : "pending");
  }
}

TEST(Runner, PhaseTriggerOnIdleCutsAtTheOffer) {
  const CyclePlan plan = plan_with(record::PhaseTrigger{"idle"});
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::cut_landed)[0].at,
            of_kind(timeline, EventKind::update_offered)[0].at);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::survived_new);
}

TEST(Runner, ConsoleTriggerCountsMatchesAfterTheOffer) {
  const CyclePlan plan = plan_with(record::ConsoleTrigger{"^online mode=", 2});
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  // The first "online" behind the offer is in safe mode, the second with everything new: the cut
  // falls on that very line, which then does not count as a recovery.
  const auto landed = of_kind(timeline, EventKind::cut_landed);
  ASSERT_EQ(landed.size(), 1U);
  const auto last_before =
      std::find_if(timeline.rbegin(), timeline.rend(), [&](const record::Event& event) {
        return event.kind == EventKind::line && event.at == landed[0].at;
      });
  ASSERT_NE(last_before, timeline.rend());
  EXPECT_EQ(last_before->text.find("online mode=normal user=2"), 0U);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::survived_new);
}

TEST(Runner, TriggerThatNeverFiresIsMissedWithTheReason) {
  for (const record::Trigger& trigger : std::vector<record::Trigger>{
           record::FlashOpTrigger{100'000}, record::ConsoleTrigger{"never printed", 1},
           record::PhaseTrigger{"reverting"}, record::TimeTrigger{minutes(20)}}) {
    const CyclePlan plan = plan_with(trigger);
    FakeBoard board(plan, profile());
    const auto& timeline = board.run();
    const auto missed = of_kind(timeline, EventKind::cut_missed);
    ASSERT_EQ(missed.size(), 1U);
    EXPECT_NE(missed[0].text.find("the update finished and the trigger never fired; planned was "),
              std::string::npos);
    EXPECT_EQ(timeline.back().kind, EventKind::cycle_end);
    EXPECT_EQ(verdict_of(plan, timeline), Verdict::void_trial);
  }
}

TEST(Runner, UnreachableDeviceIsPowerCycledTwiceAndGivenUp) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(),
                  [](Device& device, int count) { device.gets_online = count < 2; });
  const auto& timeline = board.run();
  EXPECT_EQ(board.power_ons(), 4);  // first, after the cut, two more
  EXPECT_EQ(of_kind(timeline, EventKind::deadline).size(), 3U);
  EXPECT_EQ(of_kind(timeline, EventKind::clean_reboot).size(), 0U);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::unreachable);
  EXPECT_LE(board.now() - base::kCycleStart, minutes(16));
}

TEST(Runner, DeviceThatComesBackAfterOneMorePowerCycleGoesOn) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(),
                  [](Device& device, int count) { device.gets_online = count != 2; });
  EXPECT_EQ(verdict_of(plan, board.run()), Verdict::retried);
}

TEST(Runner, DeadDeviceIsBricked) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(), [](Device& device, int count) { device.boots = count < 2; });
  EXPECT_EQ(verdict_of(plan, board.run()), Verdict::bricked);
}

TEST(Runner, BootLoopGetsNoMoreTimeThanSilence) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(), [](Device& device, int count) { device.loops = count >= 2; });
  const auto& timeline = board.run();
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::stuck);
  EXPECT_LE(board.now() - base::kCycleStart, minutes(16));
}

TEST(Runner, RolledBackDeviceIsTestedFurther) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(),
                  [](Device& device, int count) { device.takes_updates = count < 2; });
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::deadline)[0].text, record::wait::kUpdateFinished);
  EXPECT_EQ(of_kind(timeline, EventKind::clean_reboot).size(), 3U);
}

TEST(Runner, CleanRebootThatFailsIsLatent) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(),
                  [](Device& device, int count) { device.gets_online = count < 4; });
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::deadline)[0].text, record::wait::kRebootOnline);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::latent);
}

TEST(Runner, ARestartRightAfterOnlineIsWaitedOut) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(),
                  [](Device& device, int count) { device.restarts_after_online = count > 1; });
  EXPECT_EQ(verdict_of(plan, board.run()), Verdict::retried);
}

TEST(Runner, ARebootThatNeverSettlesIsLatent) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(), [](Device& device, int count) {
    device.restarts_after_online = count == 3 ? 1'000'000 : 0;
  });
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::clean_reboot).size(), 1U);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::latent);
}

TEST(Runner, AnUpdateThatNeverSettlesRunsOutOfTime) {
  const CyclePlan plan = plan_with(std::nullopt);
  FakeBoard board(plan, profile());
  board.restart_for_ever_with(2);
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::clean_reboot).size(), 0U);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::stuck);
  EXPECT_LE(board.now() - base::kCycleStart, minutes(31));
}

TEST(Runner, SecondUpdateThatFailsIsLatent) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile(),
                  [](Device& device, int count) { device.takes_updates = count < 5; });
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::deadline)[0].text, record::wait::kSecondUpdate);
  EXPECT_EQ(verdict_of(plan, timeline), Verdict::latent);
}

TEST(Runner, BaselineThatIsNotOnlineMakesTheCutVoid) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile());
  board.device.gets_online = false;
  EXPECT_EQ(verdict_of(plan, board.run()), Verdict::void_trial);
  const CyclePlan control = plan_with(std::nullopt);
  FakeBoard uncut(control, profile());
  uncut.device.gets_online = false;
  EXPECT_EQ(record::judge_control(control.contract, uncut.run()).verdict, Verdict::flaky_baseline);
}

TEST(Runner, BaselineWithTheWrongApplicationIsNotAccepted) {
  const CyclePlan plan = plan_with(kOp42);
  FakeBoard board(plan, profile());
  board.device.user = 0;
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::update_offered).size(), 0U);
  EXPECT_EQ(of_kind(timeline, EventKind::deadline)[0].text, record::wait::kBaselineOnline);
}

TEST(Runner, ModemOnlyCutLeavesTheBoardRunning) {
  CyclePlan plan = plan_with(kOp42);
  plan.cut->domains = plan.contract.cut.emplace(record::Domains{false, true});
  FakeBoard board(plan, profile());
  const auto& timeline = board.run();
  EXPECT_EQ(of_kind(timeline, EventKind::off)[0].text, "modem");
  EXPECT_EQ(board.power_ons(), 4);  // the clean reboots only
}

TEST(Runner, WatchdogPowerCycleIsOnlyAnEvent) {
  const CyclePlan plan = plan_with(std::nullopt);
  FakeBoard board(plan, profile());
  board.watchdog_at(base::kCycleStart + milliseconds(5500));  // during the first download
  const auto& timeline = board.run();
  const record::Judgement judgement = record::judge(plan.contract, timeline);
  EXPECT_EQ(judgement.verdict, Verdict::retried);
  EXPECT_EQ(judgement.phase, "downloading");
}

TEST(Runner, UndisturbedDeviceThatGoesOfflineIsNotHelped) {
  const CyclePlan plan = plan_with(std::nullopt);
  FakeBoard board(plan, profile(),
                  [](Device& device, int count) { device.gets_online = count < 2; });
  board.watchdog_at(base::kCycleStart + milliseconds(5500));
  EXPECT_EQ(verdict_of(plan, board.run()), Verdict::unreachable);
  EXPECT_EQ(board.power_ons(), 2);
}

}  // namespace
}  // namespace rig::scenario
