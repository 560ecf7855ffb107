// The text file of metrics: names, types, labels and the end that the format demands.
#include "gate/openmetrics.h"

#include <gtest/gtest.h>

namespace rig::gate {
namespace {

TEST(OpenMetrics, TellsTheLatestNightOfEachScenario) {
  History history;
  history.scenarios = {{.scenario = "electron/a", .board = "sim"},
                       {.scenario = "say \"b\"\\", .board = "serial"}};
  history.scenarios[0].nights = {{.name = "monday", .build = "x@1", .cuts = {5, 9, 0}},
                                 {.name = "tuesday",
                                  .started_unix_us = 1'795'000'000'000'000,
                                  .build = "x@2",
                                  .cuts = {0, 299, 4},
                                  .controls = {.clean = 3}}};
  history.scenarios[1].nights = {{.name = "tuesday", .build = "y@2", .cuts = {1, 4, 0}}};
  history.boards = {{.board = "desk-2"}};
  const std::string text = openmetrics(history);
  for (const char* line :
       {"# TYPE otarig_cuts_landed gauge\n",
        "otarig_cuts_landed{scenario=\"electron/"
        "a\",board=\"sim\",night=\"tuesday\",firmware=\"x@2\"} 299\n",
        "otarig_cuts_missed{scenario=\"electron/"
        "a\",board=\"sim\",night=\"tuesday\",firmware=\"x@2\"} 4\n",
        "otarig_cuts_failed{scenario=\"say "
        "\\\"b\\\"\\\\\",board=\"serial\",night=\"tuesday\",firmware=\"y@2\"} 1\n",
        "otarig_night_start_timestamp_seconds{scenario=\"electron/"
        "a\",board=\"sim\",night=\"tuesday\","
        "firmware=\"x@2\"} 1795000000\n",
        "otarig_unsteady_board{board=\"desk-2\"} 1\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  EXPECT_EQ(text.find("monday"), std::string::npos);
  EXPECT_NE(text.find("firmware=\"x@2\"} 0.00996"), std::string::npos);
  EXPECT_TRUE(text.ends_with("# EOF\n"));
}

TEST(OpenMetrics, OfAnEmptyStoreIsWholeAllTheSame) {
  EXPECT_TRUE(openmetrics({}).ends_with("# EOF\n"));
}

}  // namespace
}  // namespace rig::gate
