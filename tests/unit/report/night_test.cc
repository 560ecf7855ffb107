// Several boards, and the night before.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "report/change_since.h"
#include "report/html_data.h"
#include "report/matrix.h"
#include "report/sentence.h"
#include "unit/report/synthetic.h"
#include "unit/store/store_fixture.h"

namespace rig::report {
namespace {

using record::Verdict;

class Night : public ::testing::Test {
 protected:
  store::CampaignId book(const SyntheticRow& row, std::uint64_t cuts = 60) {
    return book_synthetic(store_, row, cuts);
  }

  store::TemporaryFile file_;
  store::Store store_{file_.path()};
};

TEST_F(Night, BoardsOfOneScenarioAreOneConfiguration) {
  const std::vector ids{book({.board_name = "sim-01"}), book({.board_name = "sim-02"}),
                        book({.bootloader = "2.0.0", .board_name = "sim-01"})};
  const ReportInput input = load_campaigns(store_, ids);
  ASSERT_EQ(input.configurations.size(), 2U);
  const Configuration& both = input.configurations[0];
  EXPECT_EQ(both.campaigns, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(both.summary.cuts.total(), 120U);
  EXPECT_EQ(both.marks.size(), 120U);
  EXPECT_EQ(both.summary.campaign.points_planned, 120U);
  for (std::size_t v = 0; v < store::kVerdictCount; ++v) {
    const auto verdict = static_cast<Verdict>(v);
    EXPECT_EQ(both.summary.cuts.of(verdict), input.campaigns[0].summary.cuts.of(verdict) +
                                                 input.campaigns[1].summary.cuts.of(verdict));
  }
  const auto data = html_data(input);
  ASSERT_EQ(data["boards"].size(), 2U);
  EXPECT_EQ(data["boards"][0]["name"], "sim-01");
  EXPECT_EQ(data["boards"][0]["campaigns"], 2);
  EXPECT_EQ(data["campaigns"][0]["boards"], 2);
}

TEST_F(Night, WithoutNamesOfBoardsNothingIsPooled) {
  const std::vector ids{book({}), book({})};
  EXPECT_EQ(load_campaigns(store_, ids).configurations.size(), 2U);
}

TEST_F(Night, AnotherFirmwareIsAnotherConfiguration) {
  const std::vector ids{book({.board_name = "sim-01"}),
                        book({.board_name = "sim-02", .firmware_hash = "0123456789ab"})};
  EXPECT_EQ(load_campaigns(store_, ids).configurations.size(), 2U);
}

// A night of one product on two kinds of boards, and of scenarios that share a title.
TEST_F(Night, RowsOfOneNameAreToldApart) {
  const auto begin = [&](const std::string& scenario, const std::string& board) {
    store::CampaignStart start = store::some_campaign();
    start.labels.clear();
    start.title = "short cycles";
    start.scenario = scenario;
    start.board = board;
    start.board_name = board + "-1";
    return store_.begin_campaign(start);
  };
  const std::vector ids{begin("good", "sim"), begin("good", "qemu"), begin("old", "sim"),
                        book({.board_name = "sim-01"})};
  const ReportInput input = load_campaigns(store_, ids);
  std::vector<std::string> names;
  for (const Configuration& each : input.configurations) names.push_back(each.name);
  EXPECT_EQ(names, (std::vector<std::string>{"short cycles, good, on sim",
                                             "short cycles, good, on qemu", "short cycles, old",
                                             row_name(input.campaigns[3].summary.campaign)}));
  const auto data = html_data(input);
  EXPECT_EQ(data["campaigns"][1]["row"], names[1]);
  EXPECT_TRUE(data["campaigns"][1]["sentence"].get<std::string>().starts_with(names[1] + ": "));
  EXPECT_TRUE(sentences_text(rows_of(input)).find(names[2] + ": ") != std::string::npos);
  EXPECT_NE(matrix_text(rows_of(input)).find(names[3]), std::string::npos);
}

TEST_F(Night, SamplesOfEveryBoardGoOnFromItsOwnTrunk) {
  const std::vector ids{book({.board_name = "sim-01"}, 30), book({.board_name = "sim-02"}, 30)};
  const ReportInput input = load_campaigns(store_, ids, {.timelines_per_verdict = 100});
  const Configuration& both = input.configurations.at(0);
  bool second = false;
  for (const SampleTimeline& sample : both.samples) {
    second = second || sample.trunk == 1;
    const store::Cycle cycle = store_.cycle(sample.cycle);
    EXPECT_EQ(cycle.campaign.value, ids[sample.trunk].value);
    auto whole = both.trunks[sample.trunk];
    whole.resize(sample.shared_events);
    whole.insert(whole.end(), sample.rest.begin(), sample.rest.end());
    EXPECT_EQ(whole, store_.timeline(sample.cycle));
  }
  EXPECT_TRUE(second);
}

TEST_F(Night, TheOneBeforeIsTheLatestThatRanTheSame) {
  book({.batch = "monday", .night = 0});
  book({.batch = "tuesday", .night = 1});
  book({.bootloader = "2.0.0", .batch = "other", .night = 2});
  const std::vector now{book({.batch = "friday", .night = 4})};
  book({.batch = "later", .night = 5});
  EXPECT_EQ(earlier_batch(store_, load_campaigns(store_, now)), "tuesday");
  const std::vector first{store::CampaignId{1}};
  EXPECT_EQ(earlier_batch(store_, load_campaigns(store_, first)), std::nullopt);
}

TEST_F(Night, ChangesAreCountedByScenario) {
  book({.bootloader = "2.0.0", .board_name = "sim-01", .batch = "monday"});
  book({.bootloader = "0.6.4", .batch = "monday"});
  const std::vector now{book({.bootloader = "2.0.0",
                              .board_name = "sim-02",
                              .batch = "friday",
                              .firmware_hash = "0123456789ab",
                              .night = 4}),
                        book({.bootloader = "0.7.0", .batch = "friday", .night = 4})};
  const ChangeSince since = change_since(store_, load_campaigns(store_, now), "monday");
  ASSERT_EQ(since.rows.size(), 1U);
  EXPECT_TRUE(since.rows[0].other_firmware);
  EXPECT_EQ(since.rows[0].before.total(), 60U);
  EXPECT_EQ(since.rows[0].now.total(), 60U);
  EXPECT_DOUBLE_EQ(since.rows[0].chance, 1);  // the invented cuts are the same
  ASSERT_EQ(since.only_now.size(), 1U);
  EXPECT_NE(since.only_now[0].find("0.7.0"), std::string::npos);
  ASSERT_EQ(since.only_before.size(), 1U);
  EXPECT_NE(since.only_before[0].find("0.6.4"), std::string::npos);
}

TEST_F(Night, AWorseOneIsNoChance) {
  const auto night = [&](const std::string& batch, std::uint64_t failures) {
    auto start = store::some_campaign();
    start.batch = batch;
    start.started_unix_us += batch == "monday" ? 0 : 86'400'000'000;
    const auto id = store_.begin_campaign(start);
    for (std::uint64_t i = 0; i < 100; ++i) {
      const auto cycle = store_.begin_cycle(id, store::intent(i));
      const auto verdict = i < failures ? Verdict::bricked : Verdict::resumed;
      store_.finish_cycle(cycle, store::outcome(verdict), store::pack({}));
    }
    return id;
  };
  night("monday", 1);
  const std::vector now{night("friday", 20)};
  const ChangeSince since = change_since(store_, load_campaigns(store_, now), "monday");
  EXPECT_LT(since.rows.at(0).chance, 1e-4);
  EXPECT_EQ(since.rows[0].now.failures(), 20U);
}

TEST_F(Night, ABatchThatDoesNotExistIsTold) {
  const std::vector ids{book({})};
  EXPECT_THROW((void)change_since(store_, load_campaigns(store_, ids), "no-such"),
               base::UsageError);
}

TEST_F(Night, WhatProvedNothingIsCountedByItsCause) {
  const auto id = store_.begin_campaign(store::some_campaign());
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto cycle = store_.begin_cycle(id, store::intent(i));
    auto outcome = store::outcome(i < 4 ? Verdict::rig_fault : Verdict::void_trial);
    outcome.judgement.findings = {
        {Verdict::rig_fault, true, {}, i < 4 ? "the relay does not answer" : "not this one"}};
    store_.finish_cycle(cycle, outcome, store::pack({}));
  }
  const auto health = html_data(load_campaigns(store_, std::vector{id}))["health"];
  ASSERT_EQ(health["causes"].size(), 2U);
  EXPECT_EQ(health["causes"][0]["text"], "the relay does not answer");
  EXPECT_EQ(health["causes"][0]["n"], 4);
  EXPECT_EQ(health["causes"][1]["text"], "");
}

}  // namespace
}  // namespace rig::report
