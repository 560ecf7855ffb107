// One minimal timeline per verdict, and for each a fact whose flip must change the verdict.
#include "record/judge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/record/story.h"

namespace rig::record {
namespace {

using test::contract;
using test::control_contract;
using test::Story;

Verdict verdict_of(const Timeline& timeline, const Contract& terms = contract()) {
  return judge(terms, timeline).verdict;
}
Verdict verdict_of(const Story& story, const Contract& terms = contract()) {
  return verdict_of(story.timeline(), terms);
}

const Finding* finding(const Judgement& judgement, Verdict verdict) {
  const auto found = std::find_if(judgement.findings.begin(), judgement.findings.end(),
                                  [&](const Finding& f) { return f.verdict == verdict; });
  return found == judgement.findings.end() ? nullptr : &*found;
}

// Cut while the boot loader copies the user application; it copies again at the next boot.
Story resumed() {
  Story story;
  story.baseline().armed().begins("user", "2").boots("update").copies("user", "2").cut();
  story.back().copies("user", "2").copied("user").runs("2", "604", "needs-system");
  story.attached().online("none", "604", "safe").begins("system", "700").boots("update");
  return story.copies("system", "700").copied("system").comes_online("2", "700");
}

// Cut during the download.
Story retried() {
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").back();
  story.comes_online("1", "604").begins("user", "2").boots("update").copies("user", "2");
  return story.copied("user").comes_online("2", "700");
}

// Cut while the user application is copied; the update is forgotten and the image is half written.
Story lost_image() {
  Story story;
  return story.baseline()
      .armed()
      .begins("user", "2")
      .copies("user", "2")
      .cut()
      .back()
      .runs("none", "604", "crc");
}

Story unreachable() {
  Story story = lost_image();
  story.sees("apn apn=spark.telefonica.com source=default");
  story.sees("refused apn=spark.telefonica.com");
  return story.deadline(wait::kRecoveryOnline).end();
}

bool is_online(const Event& event) { return first_word(event.text) == seen::kOnline; }

TEST(Judge, Resumed) {
  const Judgement judgement = judge(contract(), resumed().follow_up().timeline());
  EXPECT_EQ(judgement.verdict, Verdict::resumed);
  EXPECT_EQ(judgement.phase, "applying");
}

TEST(Judge, ResumedBecomesRetriedWhenTheModuleIsSentAgain) {
  Story story;
  story.baseline().armed().begins("user", "2").copies("user", "2").cut().back();
  story.begins("user", "2").copies("user", "2").copied("user").comes_online("2", "700");
  EXPECT_EQ(verdict_of(story.follow_up()), Verdict::retried);
}

TEST(Judge, Retried) { EXPECT_EQ(verdict_of(retried().follow_up()), Verdict::retried); }

TEST(Judge, SurvivedNewWhenNothingWasInWork) {
  Story story;
  story.baseline().armed().cut("idle").back().comes_online("1", "604").begins("user", "2");
  story.boots("update").copies("user", "2").copied("user").comes_online("2", "700");
  EXPECT_EQ(verdict_of(story.follow_up()), Verdict::survived_new);
}

TEST(Judge, RolledBackWhenTheUpdateIsNotOfferedAgain) {
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").back().comes_online("1", "604");
  story.deadline(wait::kUpdateFinished).follow_up("1", "604");
  EXPECT_EQ(verdict_of(story), Verdict::rolled_back);
}

TEST(Judge, RolledBackBecomesStuckWhenTheServerStillOffers) {
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").back().comes_online("1", "604");
  story.add(Lane::server, EventKind::offer, "user 2");
  story.deadline(wait::kUpdateFinished).follow_up("1", "604");
  EXPECT_EQ(verdict_of(story), Verdict::stuck);
}

TEST(Judge, RolledBackBecomesWrongImageWherePhaseForbidsTheOldVersion) {
  Story story;
  story.baseline().armed().begins("user", "2").copies("user", "2").cut().back();
  story.comes_online("1", "604").deadline(wait::kUpdateFinished).follow_up("1", "604");
  const Judgement judgement = judge(contract(), story.timeline());
  EXPECT_EQ(judgement.verdict, Verdict::wrong_image);
  ASSERT_NE(finding(judgement, Verdict::wrong_image), nullptr);
  EXPECT_NE(finding(judgement, Verdict::wrong_image)->text.find("applying"), std::string::npos);
  Contract open = contract();
  open.user_app.by_phase.clear();
  EXPECT_EQ(verdict_of(story, open), Verdict::rolled_back);
}

TEST(Judge, PassVerdictThatThePhaseForbidsIsWrongImage) {
  Contract strict = contract();
  strict.allowed_verdicts["applying"] = {Verdict::survived_new};
  EXPECT_EQ(verdict_of(resumed().follow_up(), strict), Verdict::wrong_image);
  strict.allowed_verdicts["applying"].push_back(Verdict::resumed);
  EXPECT_EQ(verdict_of(resumed().follow_up(), strict), Verdict::resumed);
}

TEST(Judge, WrongImageWhenTheUpdateStopsHalfway) {
  Story story;
  story.baseline().armed().begins("system", "700").cut("downloading").back();
  story.comes_online("1", "700").deadline(wait::kUpdateFinished).end();
  EXPECT_EQ(verdict_of(story), Verdict::wrong_image);
}

TEST(Judge, UserFirmwareLostHoldsAlthoughHealed) {
  Story story = lost_image();
  story.attached().online("none", "604", "safe").begins("user", "2").copies("user", "2");
  story.copied("user").comes_online("2", "700").follow_up();
  const Judgement judgement = judge(contract(), story.timeline());
  EXPECT_EQ(judgement.verdict, Verdict::user_firmware_lost);
  const Finding* healed = finding(judgement, Verdict::retried);
  const bool remarked =
      std::any_of(judgement.findings.begin(), judgement.findings.end(), [](const Finding& f) {
        return !f.holds && f.text.find("healed over the air after") != std::string::npos;
      });
  EXPECT_NE(healed, nullptr);
  EXPECT_TRUE(remarked);
}

TEST(Judge, UnmetDependencyIsNoLossOfTheImage) {
  Story story;
  story.baseline().armed().begins("user", "2").copies("user", "2").copied("user").cut("rebooting");
  story.back().runs("none", "604", "needs-system").attached().online("none", "604", "safe");
  story.begins("system", "700").copies("system", "700").copied("system");
  story.comes_online("2", "700").follow_up();
  EXPECT_EQ(verdict_of(story), Verdict::survived_new);
}

TEST(Judge, FactoryApplicationIsALoss) {
  for (const char* proof : {"copy module=factory ver=0", "user ver=0 apn=default",
                            "system ver=604 mode=normal user=0 user_state=factory-restore"}) {
    Story story;
    story.baseline().armed().begins("user", "2").copies("user", "2").cut().back().sees(proof);
    story.attached().begins("user", "2").copied("user").comes_online("2", "700").follow_up();
    EXPECT_EQ(verdict_of(story), Verdict::user_firmware_lost) << proof;
  }
}

TEST(Judge, FactoryApplicationOnlineInTheEnd) {
  Story story;
  story.baseline().armed().begins("user", "2").copies("user", "2").cut().back();
  story.comes_online("0", "604").deadline(wait::kUpdateFinished).end();
  EXPECT_EQ(verdict_of(story), Verdict::user_firmware_lost);
}

TEST(Judge, UnreachableKeepsTheLossesAsFindings) {
  const Judgement judgement = judge(contract(), unreachable().timeline());
  EXPECT_EQ(judgement.verdict, Verdict::unreachable);
  ASSERT_NE(finding(judgement, Verdict::user_firmware_lost), nullptr);
  EXPECT_TRUE(finding(judgement, Verdict::user_firmware_lost)->holds);
  ASSERT_NE(finding(judgement, Verdict::apn_lost), nullptr);
  EXPECT_NE(finding(judgement, Verdict::unreachable)->text.find("refused"), std::string::npos);
}

TEST(Judge, PassBecomesUnreachableWithoutOnline) {
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").back().runs("1", "604");
  EXPECT_EQ(verdict_of(story.end()), Verdict::unreachable);
}

TEST(Judge, NothingAfterTheCutMakesAPassWhenEveryOnlineIsRemoved) {
  bool after_cut = false;
  const Timeline blind = resumed().follow_up().without([&](const Event& event) {
    after_cut = after_cut || event.kind == EventKind::cut_landed;
    return after_cut && is_online(event);
  });
  EXPECT_EQ(verdict_of(blind), Verdict::unreachable);
}

TEST(Judge, OnlineBeforeARestartDoesNotStand) {
  Story story = retried();
  EXPECT_EQ(verdict_of(story.boots("watchdog").runs("2", "700").end()), Verdict::unreachable);
}

TEST(Judge, ApnLostWhenOnlineWithTheDefault) {
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").back().runs("2", "700");
  story.sees("apn apn=spark.telefonica.com source=default").attached("spark.telefonica.com");
  EXPECT_EQ(verdict_of(Story(story).online("2", "700").end()), Verdict::apn_lost);
}

TEST(Judge, ApnWrongWhenItIsSomethingElse) {
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").back().runs("2", "700");
  story.sees("apn apn=other.net source=config").attached("other.net").online("2", "700");
  EXPECT_EQ(verdict_of(story.end()), Verdict::apn_wrong);
  Contract other = contract();
  other.apn = "other.net";
  EXPECT_NE(verdict_of(story, other), Verdict::apn_wrong);
}

TEST(Judge, DefaultApnIsFineWhereItIsExpected) {
  Contract built_in = contract();
  built_in.apn = "spark.telefonica.com";
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading").back();
  story.begins("user", "2").copied("user").runs("2", "700");
  story.sees("apn apn=spark.telefonica.com source=default").attached("spark.telefonica.com");
  story.online("2", "700");
  const Judgement judgement = judge(built_in, story.end().timeline());
  EXPECT_EQ(finding(judgement, Verdict::apn_lost), nullptr);
}

TEST(Judge, ConfigLost) {
  Contract brief = contract();
  brief.clean_reboots = 0;
  brief.second_user.reset();
  const auto with_store = [&brief](const std::string& after) {
    Story story;
    story.baseline().runs("1", "604", "ok", "config").armed().begins("user", "2");
    story.cut("downloading").back().runs("1", "604", "ok", after);
    story.begins("user", "2").copied("user").runs("2", "700", "ok", after).attached();
    return verdict_of(story.online("2", "700").end(), brief);
  };
  EXPECT_EQ(with_store("none"), Verdict::config_lost);
  EXPECT_EQ(with_store("config"), Verdict::retried);
}

TEST(Judge, SilentWhenItStopsAfterTheBootLine) {
  Story story;
  story.baseline().armed().begins("user", "2").cut().back().deadline(wait::kRecoveryOnline);
  EXPECT_EQ(verdict_of(Story(story).end()), Verdict::silent);
  EXPECT_EQ(verdict_of(story.runs("1", "604").end()), Verdict::unreachable);
}

TEST(Judge, SilentWhenOnlyTheModemWasCutAndTheBoardSaysNothing) {
  Contract modem = contract();
  modem.cut = Domains{false, true};
  Story story;
  story.baseline().armed().begins("user", "2").cut("downloading", "modem");
  story.power(EventKind::on, "modem").deadline(wait::kRecoveryOnline).end();
  EXPECT_EQ(verdict_of(story, modem), Verdict::silent);
}

TEST(Judge, BrickedWhenTheConsoleStaysDead) {
  Story story;
  story.baseline().armed().begins("user", "2").cut().power(EventKind::on);
  story.add(Lane::cpu, EventKind::fault, "lockup").deadline(wait::kRecoveryOnline);
  EXPECT_EQ(verdict_of(Story(story).end()), Verdict::bricked);
  EXPECT_EQ(verdict_of(story.sees("boot ver=0.7.0 reset=power_down").end()), Verdict::silent);
}

TEST(Judge, BrickedWhenAPowerCycleEndsTheLastSignOfLife) {
  Story story;
  story.baseline().armed().begins("user", "2").cut().back().runs("1", "604");
  story.deadline(wait::kRecoveryOnline).power(EventKind::off).power(EventKind::on);
  EXPECT_EQ(verdict_of(story.deadline(wait::kRecoveryOnline).end()), Verdict::bricked);
}

TEST(Judge, BrickedSoftWhenItWaitsForATool) {
  Story story;
  story.baseline().armed().begins("system", "700").copies("system", "700").cut().back();
  story.sees("dfu reason=no-system phase=failed").deadline(wait::kRecoveryOnline);
  EXPECT_EQ(verdict_of(Story(story).end()), Verdict::bricked_soft);
  // It left that state again.
  EXPECT_EQ(verdict_of(story.boots("pin").runs("1", "604").end()), Verdict::unreachable);
}

TEST(Judge, StuckInABootLoop) {
  Story story = lost_image();
  for (int i = 0; i < 30; ++i) {
    story.boots("watchdog").sees("panic code=3 phase=failed");
  }
  EXPECT_EQ(verdict_of(Story(story).deadline(wait::kRecoveryOnline).end()), Verdict::stuck);
  Contract patient = contract();
  patient.max_boots = 100;
  EXPECT_EQ(verdict_of(story.end(), patient), Verdict::unreachable);
}

TEST(Judge, StuckInSafeModeOnline) {
  Story story;
  story.baseline().armed().begins("user", "2").copies("user", "2").copied("user").cut("rebooting");
  story.back().runs("none", "604", "needs-system").attached().online("none", "604", "safe");
  EXPECT_EQ(verdict_of(story.deadline(wait::kUpdateFinished).end()), Verdict::stuck);
}

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
}  // namespace rig::record
