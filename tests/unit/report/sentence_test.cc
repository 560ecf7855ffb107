#include "report/sentence.h"

#include <gtest/gtest.h>

#include "report/matrix.h"

namespace rig::report {
namespace {

using record::Verdict;
using store::CampaignSummary;

CampaignSummary third_party() {
  CampaignSummary summary;
  summary.campaign.labels = {{"bootloader", "0.7.0"},
                             {"sim", "third-party"},
                             {"domains", "board+modem"},
                             {"mitigation", "none"}};
  summary.campaign.state = store::CampaignState::finished;
  summary.controls.add(Verdict::survived_new);
  return summary;
}

struct First {
  std::uint64_t op{};
  std::string phase;
};

void add(CampaignSummary& summary, Verdict verdict, std::uint64_t count, const First& first) {
  summary.cuts.add(verdict, count);
  summary.first_cuts.push_back({.verdict = verdict, .plan = "p", .phase = first.phase, .cut = {}});
  summary.first_cuts.back().cut.op = first.op;
  summary.first_cuts.back().cut.at = std::chrono::milliseconds(41'500);
}

TEST(Sentence, NamesHowManyCutsFailAndWhereFirst) {
  CampaignSummary summary = third_party();
  add(summary, Verdict::resumed, 83, {4, "downloading"});
  add(summary, Verdict::unreachable, 37, {18'234, "safe-mode"});
  EXPECT_EQ(sentence_for(summary),
            "0.7.0, third-party SIM, board+modem: 37 of 120 cuts leave the device unreachable for "
            "good; first at op 18,234 in phase safe-mode.");
  EXPECT_EQ(worst_class(summary), record::VerdictClass::lost);
}

TEST(Sentence, TellsTheWorstFirst) {
  CampaignSummary summary = third_party();
  add(summary, Verdict::user_firmware_lost, 2, {900, "applying"});
  add(summary, Verdict::bricked, 1, {0, "applying-bootloader"});
  EXPECT_EQ(sentence_for(summary),
            "0.7.0, third-party SIM, board+modem: 1 of 3 cuts bricks the device (first 41.5 s into "
            "the cycle in phase applying-bootloader), 2 lose the user application (first at op 900 "
            "in phase applying).");
}

TEST(Sentence, SaysWhatSurvivedCutsDo) {
  CampaignSummary summary = third_party();
  add(summary, Verdict::resumed, 1, {4, "applying"});
  add(summary, Verdict::retried, 1'200, {5, "downloading"});
  EXPECT_EQ(sentence_for(summary),
            "0.7.0, third-party SIM, board+modem: none of 1,201 cuts harms the device: 1 resumes "
            "the update, 1,200 finish the update when it is offered again.");
}

TEST(Sentence, VoidCutsAreNeitherTrialsNorPasses) {
  CampaignSummary summary = third_party();
  add(summary, Verdict::resumed, 10, {4, "applying"});
  add(summary, Verdict::void_trial, 5, {0, "applying"});
  const std::string sentence = sentence_for(summary);
  EXPECT_NE(sentence.find("none of 10 cuts"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("5 more cycles prove nothing (void)"), std::string::npos) << sentence;
}

TEST(Sentence, OnlyVoidCutsAreNoAnswer) {
  CampaignSummary summary = third_party();
  add(summary, Verdict::void_trial, 5, {0, "applying"});
  EXPECT_NE(sentence_for(summary).find("no answer, no cut landed"), std::string::npos);
  EXPECT_EQ(worst_class(summary), record::VerdictClass::no_trial);
}

TEST(Sentence, AFailingControlRunIsNoAnswer) {
  CampaignSummary summary = third_party();
  summary.controls.add(Verdict::flaky_baseline);
  EXPECT_NE(sentence_for(summary).find("the control run without a cut fails (survived-new, "
                                       "flaky-baseline)"),
            std::string::npos)
      << sentence_for(summary);
}

TEST(Sentence, TellsOfAnInterruption) {
  CampaignSummary summary = third_party();
  summary.campaign.state = store::CampaignState::interrupted;
  summary.campaign.points_planned = 120;
  add(summary, Verdict::resumed, 80, {4, "applying"});
  EXPECT_NE(sentence_for(summary).find("interrupted: 80 of 120 planned cuts are done"),
            std::string::npos);
}

TEST(Sentence, RowsAreNamedByLabelsElseByTitle) {
  store::Campaign campaign;
  campaign.scenario = "imp/stall";
  EXPECT_EQ(row_name(campaign), "imp/stall");
  campaign.title = "Stalled link";
  EXPECT_EQ(row_name(campaign), "Stalled link");
  campaign.labels = {{"link", "gprs"}, {"mitigation", "feeds the watchdog"}};
  EXPECT_EQ(row_name(campaign), "feeds the watchdog, link gprs");
}

TEST(Numbers, AreSeparatedInThousands) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(18'234), "18,234");
  EXPECT_EQ(with_separators(1'000'000), "1,000,000");
}

TEST(Matrix, AlignsItsColumns) {
  CampaignSummary first = third_party();
  add(first, Verdict::resumed, 1'083, {4, "downloading"});
  add(first, Verdict::unreachable, 37, {9, "safe-mode"});
  CampaignSummary second = third_party();
  second.campaign.labels["sim"] = "built-in";
  add(second, Verdict::resumed, 120, {4, "downloading"});
  const std::vector<CampaignSummary> rows{first, second};
  EXPECT_EQ(matrix_text(rows),
            "  campaign                              cuts  resumed  unreachable\n"
            "✕ 0.7.0, third-party SIM, board+modem  1,120    1,083           37\n"
            "✓ 0.7.0, built-in SIM, board+modem       120      120            .\n");
  EXPECT_EQ(matrix_markdown(rows),
            "|  | campaign | cuts | resumed | unreachable |\n"
            "|---|---|---:|---:|---:|\n"
            "| ✕ | 0.7.0, third-party SIM, board+modem | 1,120 | 1,083 | 37 |\n"
            "| ✓ | 0.7.0, built-in SIM, board+modem | 120 | 120 | . |\n");
}

TEST(Matrix, ARowOfOneRunCountsItsRun) {
  CampaignSummary watchdog = third_party();
  watchdog.runs.add(Verdict::unreachable);
  const std::vector<CampaignSummary> rows{watchdog};
  EXPECT_EQ(matrix_text(rows),
            "  campaign                               cuts  unreachable\n"
            "✕ 0.7.0, third-party SIM, board+modem  no cut            1\n");
  EXPECT_NE(sentence_for(watchdog).find("cuts nothing, leaves the device unreachable for good."),
            std::string::npos)
      << sentence_for(watchdog);
}

TEST(Words, EveryVerdictHasAMeaningInItsPlace) {
  EXPECT_EQ(meaning_of(Verdict::unreachable), "runs, but never gets online");
  EXPECT_EQ(meaning_of(Verdict::latent), "fails at a later restart or at the next update");
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    EXPECT_FALSE(meaning_of(static_cast<Verdict>(i)).empty()) << i;
  }
}

}  // namespace
}  // namespace rig::report
