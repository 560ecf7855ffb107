// What a soak is asked for, remembers and shows.
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/rig_error.h"
#include "cli/controller.h"
#include "cli/soak_options.h"
#include "cli/soak_progress.h"
#include "cli/soak_real.h"
#include "cli/soak_summary.h"

namespace rig::cli {
namespace {

using namespace std::chrono_literals;
using campaign::BoardView;
using record::Verdict;

SoakOptions good_options() {
  SoakOptions options;
  options.scenarios = {"electron/no-cut", "a file, with a comma.yaml"};
  options.length = "8h";
  return options;
}

std::string complaint_about(const SoakOptions& options) {
  try {
    check(options);
  } catch (const base::UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(SoakOptions, ComeBackFromTheRowOfANight) {
  SoakOptions options = good_options();
  options.boards = {"a", "b"};
  options.weights = {3, 1};
  options.links = {"own", "edge"};
  options.control_every = 7;
  options.sim = 0;
  options.strata = {{"my scenario", "0 5 idle\n"}};
  const auto row = row_of(options, "/benches/lab.yaml");
  EXPECT_EQ(row.at("bench"), "/benches/lab.yaml");
  const SoakOptions again = options_of(row);
  EXPECT_EQ(again.scenarios, options.scenarios);
  EXPECT_EQ(again.boards, options.boards);
  EXPECT_EQ(again.weights, options.weights);
  EXPECT_EQ(again.links, options.links);
  EXPECT_EQ(again.control_every, 7U);
  EXPECT_EQ(again.sim, 0U);
  EXPECT_EQ(again.strata, options.strata);
  EXPECT_FALSE(options_of(row_of(good_options(), "")).sim.has_value());
}

TEST(SoakOptions, WhatCannotBeIsRefusedWithWhatCan) {
  EXPECT_EQ(complaint_about(good_options()), "");
  SoakOptions options = good_options();
  options.cycles = 5;
  EXPECT_NE(complaint_about(options).find("either --for 8h or --cycles"), std::string::npos);
  options.length.clear();
  options.cycles = 0;
  EXPECT_NE(complaint_about(options).find("--cycles: 0"), std::string::npos);
  options = good_options();
  options.length = "8 hours";
  EXPECT_NE(complaint_about(options).find("8 hours"), std::string::npos);
  options = good_options();
  options.weights = {1};
  EXPECT_NE(complaint_about(options).find("1 numbers for 2 scenarios"), std::string::npos);
  options.weights = {1, 0};
  EXPECT_NE(complaint_about(options).find("between 1 and"), std::string::npos);
  options = good_options();
  options.scenarios[1] = options.scenarios[0];
  EXPECT_NE(complaint_about(options).find("named twice"), std::string::npos);
  options = good_options();
  options.control_every = 2;
  EXPECT_NE(complaint_about(options).find("--control-every"), std::string::npos);
  EXPECT_NE(complaint_about({}).find("name one scenario"), std::string::npos);
}

TEST(SoakStrata, ComeBackFromTheRowOfANight) {
  const std::vector<campaign::Stratum> strata{
      {.phase = "idle", .stays = {{0s, 1s}}, .operations = {}},
      {.phase = "in two words", .stays = {{1s, 2s}, {5s, 3ns}}, .operations = {}}};
  const auto again = strata_from(strata_text(strata));
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[1].phase, "in two words");
  ASSERT_EQ(again[1].stays.size(), 2U);
  EXPECT_EQ(again[1].stays[1].begins, base::Duration(5s));
  EXPECT_EQ(again[1].stays[1].length, base::Duration(3ns));
}

TEST(Controller, IsAliveAsLongAsItIsTheSameProcess) {
  const store::Controller self = this_process();
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_TRUE(is_alive(self));
  store::Controller successor = self;
  successor.started += "1";
  EXPECT_FALSE(is_alive(successor));
  EXPECT_FALSE(is_alive({.pid = 1 << 30, .started = self.started}));
  EXPECT_FALSE(is_alive({}));
}

campaign::SoakView some_view() {
  campaign::SoakView view;
  BoardView board;
  board.name = "tracker";
  board.state = BoardView::State::quarantined;
  board.reason = "rig-fault: the relay is mute";
  board.done = 3;
  board.verdicts = {{Verdict::rig_fault, 3}};
  view.boards.push_back(board);
  board = {};
  board.name = "sim-01";
  board.state = BoardView::State::working;
  board.doing = "electron/no-cut control";
  board.done = 60;
  board.verdicts = {{Verdict::resumed, 60}};
  view.boards.push_back(board);
  view.done = 163;
  view.done_here = 63;
  view.wanted = 400;
  view.ran_here = 30s;
  return view;
}

TEST(SoakProgress, OneLineForTheWhole) {
  campaign::SoakView view = some_view();
  EXPECT_EQ(overall_line(view), "163/400 cycles, 2.1/s, 113 s left · resumed 60 · rig-fault 3");
  view.boards[1].known_bad = 4;
  view.boards[1].convicted = 3;
  EXPECT_EQ(
      overall_line(view),
      "163/400 cycles, 2.1/s, 113 s left · resumed 60 · rig-fault 3 · known-bad convicted 3/4");
  EXPECT_TRUE(board_line(view.boards[1], 200).ends_with(" · known-bad convicted 3/4"));
  view.boards[1].known_bad = 0;
  view.wanted.reset();
  view.length = 8h;
  view.ran = 1h;
  EXPECT_EQ(overall_line(view), "163 cycles, 2.1/s, 7.0 h left · resumed 60 · rig-fault 3");
}

TEST(SoakProgress, OneLinePerBoardNoWiderThanTheTerminal) {
  const auto boards = some_view().boards;
  EXPECT_EQ(board_line(boards[0], 200),
            "  tracker           3  QUARANTINED: rig-fault: the relay is mute · rig-fault 3");
  EXPECT_EQ(board_line(boards[0], 20), "  tracker           ");
  EXPECT_NE(board_line(boards[1], 200).find("electron/no-cut control · resumed 60"),
            std::string::npos);
}

store::CampaignSummary campaign_with(store::CampaignRole role, Verdict verdict) {
  store::CampaignSummary summary;
  summary.campaign.role = role;
  summary.cuts.add(verdict, 10);
  return summary;
}

TEST(SoakSummary, ExitCodes) {
  using store::CampaignRole;
  NightSummary night;
  EXPECT_EQ(exit_code_of(night), kExitNoTrial);  // nothing was tried
  night.campaigns = {campaign_with(CampaignRole::trial, Verdict::resumed)};
  EXPECT_EQ(exit_code_of(night), kExitPass);
  night.campaigns.push_back(campaign_with(CampaignRole::known_bad, Verdict::resumed));
  EXPECT_EQ(exit_code_of(night), kExitNoTrial);  // the bug was not seen
  night.campaigns[1] = campaign_with(CampaignRole::known_bad, Verdict::bricked);
  EXPECT_EQ(exit_code_of(night), kExitPass);
  night.view = some_view();
  EXPECT_EQ(exit_code_of(night), kExitNoTrial);  // a board in quarantine
  night.campaigns.push_back(campaign_with(CampaignRole::trial, Verdict::bricked));
  EXPECT_EQ(exit_code_of(night), kExitDeviceFailed);
  night.end = campaign::SoakEnd::interrupted;
  EXPECT_EQ(exit_code_of(night), kExitInterrupted);
}

TEST(SoakSummary, AFailedControlIsAShortcoming) {
  NightSummary night;
  night.campaigns = {campaign_with(store::CampaignRole::trial, Verdict::resumed)};
  night.campaigns[0].controls.add(Verdict::flaky_baseline);
  EXPECT_EQ(exit_code_of(night), kExitNoTrial);
  EXPECT_NE(shortcomings(night).at(0).find("1 of 1 control runs"), std::string::npos);
}

}  // namespace
}  // namespace rig::cli
