// What follows the recovery, and whether there was a trial at all.
#include "unit/record/stories.h"

namespace rig::record::test {
namespace {

TEST(Judge, LatentWhenACleanRebootFails) {
  Story story = resumed();
  story.add(Lane::rig, EventKind::clean_reboot, "", 1).power(EventKind::off);
  story.power(EventKind::on).boots().deadline(wait::kRebootOnline).end();
  EXPECT_EQ(verdict_of(story), Verdict::latent);
}

TEST(Judge, LatentWhenTheSecondUpdateFails) {
  Story whole = resumed().follow_up();
  Timeline timeline = whole.timeline();
  timeline.back() = {
      timeline.back().at, Lane::rig, EventKind::deadline, 0, 0, std::string(wait::kSecondUpdate)};
  timeline.push_back({timeline.back().at, Lane::rig, EventKind::cycle_end, 0, 0, ""});
  EXPECT_EQ(verdict_of(timeline), Verdict::latent);
}

TEST(Judge, LatentWhenTheImageDiesAtALaterReboot) {
  Story story = resumed();
  story.add(Lane::rig, EventKind::clean_reboot, "", 1).power(EventKind::off);
  story.power(EventKind::on).boots().runs("none", "700", "crc").comes_online("2", "700");
  EXPECT_EQ(verdict_of(story.follow_up()), Verdict::latent);
}

TEST(Judge, VoidWithoutProofOfPowerLoss) {
  const Timeline unproven = resumed().follow_up().without(
      [](const Event& event) { return event.lane == Lane::power && event.kind == EventKind::off; });
  EXPECT_EQ(verdict_of(unproven), Verdict::void_trial);
}

// 1.5 s behind the cut: two events, unless the board is known to hold up for so long.
TEST(Judge, TheProofMayComeAsLateAsTheBenchAllows) {
  Timeline late = resumed().follow_up().timeline();
  const auto find = [&late](EventKind kind) {
    return std::find_if(late.begin(), late.end(),
                        [kind](const Event& e) { return e.kind == kind; });
  };
  const auto landed = find(EventKind::cut_landed);
  ASSERT_NE(landed, late.end());
  find(EventKind::off)->at = landed->at + std::chrono::milliseconds(1500);
  EXPECT_EQ(verdict_of(late), Verdict::void_trial);
  const auto armed = find(EventKind::cut_armed);
  ASSERT_NE(armed, late.end());
  armed->value = 2000;
  EXPECT_EQ(verdict_of(late), Verdict::resumed);
}

TEST(Judge, VoidWhenOnlyOneDomainWentOff) {
  Timeline half = resumed().follow_up().timeline();
  for (Event& event : half) {
    if (event.lane == Lane::power && event.kind == EventKind::off) {
      event.text = "board";
    }
  }
  EXPECT_EQ(verdict_of(half), Verdict::void_trial);
}

TEST(Judge, ADomainThatWentOffByItselfCounts) {
  Timeline split = resumed().follow_up().timeline();
  const auto off = std::find_if(split.begin(), split.end(),
                                [](const Event& e) { return e.kind == EventKind::off; });
  off->text = "modem";
  Event board = *off;
  board.text = "board";
  split.insert(off, board);
  EXPECT_EQ(verdict_of(split), Verdict::resumed);
}

TEST(Judge, VoidWithoutTheCut) {
  const Timeline uncut = resumed().follow_up().without(
      [](const Event& event) { return event.kind == EventKind::cut_landed; });
  EXPECT_EQ(verdict_of(uncut), Verdict::void_trial);
}

// A relay that has welded since the rig took over the board: the power went away then, not now,
// however little time has passed since.
TEST(Judge, VoidWhenThePowerWentAwayBeforeTheCutWasArmed) {
  Timeline welded = resumed().follow_up().timeline();
  const auto index_of = [&welded](EventKind kind) {
    return std::find_if(welded.begin(), welded.end(),
                        [kind](const Event& event) { return event.kind == kind; });
  };
  const auto landed = index_of(EventKind::cut_landed);
  ASSERT_NE(landed, welded.end());
  Event off = *std::prev(landed);
  ASSERT_EQ(off.kind, EventKind::off);
  off.at -= std::chrono::milliseconds(500);
  welded.erase(std::prev(landed));
  const auto armed = index_of(EventKind::cut_armed);
  ASSERT_NE(armed, welded.end());
  welded.insert(armed, off);
  EXPECT_EQ(verdict_of(welded), Verdict::void_trial);
}

TEST(Judge, VoidWhenTheTriggerNeverFired) {
  Story story;
  story.baseline().armed().add(Lane::rig, EventKind::cut_missed, "the update finished first");
  const Judgement judgement = judge(contract(), story.end().timeline());
  EXPECT_EQ(judgement.verdict, Verdict::void_trial);
  EXPECT_NE(judgement.findings.front().text.find("the update finished first"), std::string::npos);
}

TEST(Judge, VoidWhenItLandedInAnotherOperation) {
  Timeline elsewhere = resumed().follow_up().timeline();
  for (Event& event : elsewhere) {
    event.value = event.kind == EventKind::cut_landed ? 43 : event.value;
  }
  EXPECT_EQ(verdict_of(elsewhere), Verdict::void_trial);
}

TEST(Judge, VoidWhenTheCutDoesNotSayWhatWasPlanned) {
  for (const char* text : {"phase=applying", "phase=applying plan=flash-op"}) {
    Timeline nameless = resumed().follow_up().timeline();
    for (Event& event : nameless) {
      if (event.kind == EventKind::cut_landed) event.text = text;
    }
    EXPECT_EQ(verdict_of(nameless), Verdict::void_trial) << text;
  }
}

TEST(Judge, VoidWhenTheBoardRodeItOut) {
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").power(EventKind::on);
  story.online("2", "700");
  EXPECT_EQ(verdict_of(story.end()), Verdict::void_trial);
}

TEST(Judge, RigFaultIsNeverTheDevice) {
  Story story = unreachable();
  story.add(Lane::rig, EventKind::rig_fault, "relay gone");
  EXPECT_EQ(verdict_of(story), Verdict::rig_fault);
}

TEST(Judge, TornTimelineIsARigFault) {
  const Timeline cut_short = resumed().follow_up().without(
      [](const Event& event) { return event.kind == EventKind::cycle_end; });
  EXPECT_EQ(verdict_of(cut_short), Verdict::rig_fault);
}

TEST(Judge, UntestedRecoveryIsNoPass) {
  EXPECT_EQ(verdict_of(resumed().end()), Verdict::rig_fault);
  Contract fewer = contract();
  fewer.clean_reboots = 0;
  fewer.second_user.reset();
  EXPECT_EQ(verdict_of(resumed().end(), fewer), Verdict::resumed);
}

TEST(Judge, EmptyTimeline) {
  EXPECT_EQ(verdict_of(Timeline{}), Verdict::rig_fault);
  EXPECT_EQ(verdict_of(Timeline{}, control_contract()), Verdict::rig_fault);
}

Story control() {
  Story story;
  story.baseline().begins("user", "2").boots("update").copies("user", "2").copied("user");
  story.runs("none", "604", "needs-system").online("none", "604", "safe").begins("system", "700");
  return story.boots("update").copied("system").comes_online("2", "700");
}

TEST(JudgeControl, PassesUndisturbed) {
  const Judgement judgement = judge_control(control_contract(), control().follow_up().timeline());
  EXPECT_EQ(judgement.verdict, Verdict::survived_new);
  EXPECT_EQ(judgement.phase, "none");
}

TEST(JudgeControl, FailureIsAFlakyBaselineThatSaysWhat) {
  Story story;
  story.baseline().begins("user", "2").deadline(wait::kUpdateFinished).end();
  const Judgement judgement = judge_control(control_contract(), story.timeline());
  EXPECT_EQ(judgement.verdict, Verdict::flaky_baseline);
  EXPECT_NE(finding(judgement, Verdict::stuck), nullptr);
  EXPECT_EQ(verdict_of(story, control_contract()), Verdict::stuck);
}

TEST(JudgeControl, NeverOnlineAtAll) {
  Story story;
  story.add(Lane::rig, EventKind::cycle_begin).power(EventKind::on).boots().runs("1", "604");
  story.deadline(wait::kBaselineOnline).end();
  EXPECT_EQ(judge_control(control_contract(), story.timeline()).verdict, Verdict::flaky_baseline);
}

TEST(JudgeControl, RigFaultStaysOne) {
  Story story = control();
  story.add(Lane::rig, EventKind::rig_fault, "disk full");
  EXPECT_EQ(judge_control(control_contract(), story.timeline()).verdict, Verdict::rig_fault);
}

// The second half of the field report: nobody plans the cut, an external supervisor makes it.
TEST(JudgeWatchdog, LossOfPowerInSafeModeIsJudgedAsADisturbance) {
  Story story;
  story.baseline().begins("user", "2").boots("update").copies("user", "2").copied("user");
  story.runs("none", "604", "needs-system").online("none", "604", "safe").begins("system", "700");
  story.power(EventKind::off).power(EventKind::on).boots().runs("none", "604", "needs-system");
  story.sees("apn apn=spark.telefonica.com source=default");
  story.sees("refused apn=spark.telefonica.com").deadline(wait::kRecoveryOnline).end();
  const Judgement judgement = judge(control_contract(), story.timeline());
  EXPECT_EQ(judgement.verdict, Verdict::unreachable);
  EXPECT_EQ(judgement.phase, "downloading");
}

}  // namespace
}  // namespace rig::record::test
