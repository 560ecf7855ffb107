// One minimal timeline per verdict, and for each a fact whose flip must change the verdict. Whether
// there was a trial at all, and what comes after the recovery: judge_trial_test.cc.
#include "unit/record/stories.h"

namespace rig::record::test {
namespace {

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

TEST(Judge, ApnLostIsSeenAlthoughTheModemWasSwitchedOffAgain) {
  Story story = lost_image();
  story.sees("apn apn=spark.telefonica.com source=default");
  story.sees("refused apn=spark.telefonica.com").add(Lane::modem, EventKind::state, "power off");
  const Timeline timeline = story.deadline(wait::kRecoveryOnline).end().timeline();
  const Judgement judgement = judge(contract(), timeline);
  EXPECT_EQ(judgement.verdict, Verdict::unreachable);
  EXPECT_NE(finding(judgement, Verdict::apn_lost), nullptr);
  Contract built_in = contract();
  built_in.apn = "spark.telefonica.com";
  EXPECT_EQ(finding(judge(built_in, timeline), Verdict::apn_lost), nullptr);
}

TEST(Judge, UnreachableClaimsADeadlineOnlyWhenOneExpired) {
  Story story = lost_image();
  const auto text_of = [](const Story& told) {
    return finding(judge(contract(), told.timeline()), Verdict::unreachable)->text;
  };
  EXPECT_EQ(text_of(Story(story).end()).find("does not get online within"), std::string::npos);
  story.deadline(wait::kRecoveryOnline).end();
  EXPECT_NE(text_of(story).find("does not get online within 300.0 s"), std::string::npos);
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

TEST(Judge, StuckWhereTheSimulatedBoardSeesItLoop) {
  Story story;
  story.baseline().armed().begins("user", "2").cut().back();
  story.add(Lane::cpu, EventKind::fault, "unmodelled register: read of 0x40008000 (in tick+0x4)");
  story.add(Lane::cpu, EventKind::fault, "runaway: loops without touching a register (in fault)");
  const Judgement judgement =
      judge(contract(), Story(story).deadline(wait::kRecoveryOnline).end().timeline());
  EXPECT_EQ(judgement.verdict, Verdict::stuck);
  ASSERT_NE(finding(judgement, Verdict::stuck), nullptr);
  const std::string& text = finding(judgement, Verdict::stuck)->text;
  EXPECT_NE(text.find("(in fault)"), text.npos) << text;
  EXPECT_NE(text.find("0x40008000 (in tick+0x4)"), text.npos) << text;
  story.comes_online("2", "700").follow_up();
  EXPECT_NE(verdict_of(story), Verdict::stuck);
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
  // Getting online in between does not make it less of a loop.
  EXPECT_EQ(verdict_of(Story(story).online("2", "700").boots("watchdog").runs("2", "700").end()),
            Verdict::stuck);
  Contract patient = contract();
  patient.max_boots = 100;
  EXPECT_EQ(verdict_of(story.end(), patient), Verdict::unreachable);
}

// The field report's livelock: what 15 minutes at 40 bytes a second are worth.
TEST(Judge, StuckSaysWhyNoTryCanBeLongEnough) {
  Story story;
  story.baseline();
  for (int i = 0; i < 3; ++i) {
    story.begins("user", "2").wait(std::chrono::minutes(15) - std::chrono::seconds(1));
    story.sees("update-abandoned bytes=36000 of=520000 reason=timeout phase=failed");
    story.boots("update_error").comes_online("1", "604");
  }
  story.begins("user", "2").deadline(wait::kUpdateFinished).end();
  const Judgement judgement = judge(control_contract(), story.timeline());
  EXPECT_EQ(judgement.verdict, Verdict::stuck);
  EXPECT_NE(
      judgement.findings.at(0).text.find(
          "; 3 tries given up, the best (timeout) after 15 min with 36000 of 520000 bytes: at "
          "40 bytes/s the whole takes 3.6 h, longer than a try lasts"),
      std::string::npos)
      << judgement.findings.at(0).text;
}

TEST(Judge, StuckWithoutAByteSaysSo) {
  Story story;
  story.baseline().begins("user", "2").wait(std::chrono::minutes(5));
  story.sees("update-abandoned bytes=0 of=0 reason=stalled phase=failed");
  story.boots("update_error").comes_online("1", "604").deadline(wait::kUpdateFinished).end();
  const Judgement judgement = judge(control_contract(), story.timeline());
  EXPECT_EQ(judgement.verdict, Verdict::stuck);
  EXPECT_NE(
      judgement.findings.at(0).text.find("the best (stalled) after 5 min: no byte ever comes"),
      std::string::npos)
      << judgement.findings.at(0).text;
}

TEST(Judge, StuckInSafeModeOnline) {
  Story story;
  story.baseline().armed().begins("user", "2").copies("user", "2").copied("user").cut("rebooting");
  story.back().runs("none", "604", "needs-system").attached().online("none", "604", "safe");
  EXPECT_EQ(verdict_of(story.deadline(wait::kUpdateFinished).end()), Verdict::stuck);
}

}  // namespace
}  // namespace rig::record::test
