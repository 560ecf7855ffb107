#include "report/html_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "report/html_data.h"
#include "unit/report/synthetic.h"
#include "unit/store/store_fixture.h"

namespace rig::report {
namespace {

ReportInput small_report() {
  store::TemporaryFile file;
  store::Store store(file.path());
  std::vector<store::CampaignId> ids;
  for (const SyntheticRow& row : synthetic_rows()) ids.push_back(book_synthetic(store, row, 120));
  ReportInput input = load_campaigns(store, ids);
  input.title = "Electron <0.6.4> & later";
  input.otarig_version = "0.1.0";
  input.generated_unix_us = 1'795'000'000'000'000;
  return input;
}

nlohmann::json embedded_data(const std::string& page) {
  const std::string open = "id=\"report-data\">";
  const auto begin = page.find(open) + open.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(HtmlReport, ShowsWhatAnExplorationDecided) {
  store::TemporaryFile file;
  store::Store store(file.path());
  const store::CampaignId id = book_synthetic(store, synthetic_rows()[0], 3);
  EXPECT_TRUE(
      html_data(load_campaigns(store, std::vector{id}))["campaigns"][0]["explored"].is_null());
  store::set_explored(
      store, id, {.cells = 4, .decided = 4, .failing = 1, .coverage = R"({"says":"1 fails"})"});
  const nlohmann::json data = html_data(load_campaigns(store, std::vector{id}));
  EXPECT_EQ(data["campaigns"][0]["explored"]["says"], "1 fails");
}

TEST(HtmlReport, MakesNoRequest) {
  const std::string page = html(small_report());
  EXPECT_EQ(page.find("http://"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
  EXPECT_EQ(page.find(" src="), std::string::npos);
  EXPECT_EQ(page.find(" srcset="), std::string::npos);
  EXPECT_EQ(page.find("url("), std::string::npos);
  EXPECT_EQ(page.find("fetch("), std::string::npos);
  EXPECT_EQ(page.find("@import"), std::string::npos);
  EXPECT_EQ(page.find("<link"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(HtmlReport, NothingThatAConsolePrintsEndsTheData) {
  ReportInput input = small_report();
  input.campaigns[0].cycles[0].outcome->judgement.verdict = record::Verdict::stuck;
  input.campaigns[0].cycles[0].outcome->judgement.findings = {
      {record::Verdict::stuck, true, {}, "</script><script>alert(1)</script><!-- \xff\xfe"}};
  const std::string page = html(input);
  EXPECT_EQ(occurrences(page, "</script"), 2U);
  EXPECT_EQ(page.find("alert(1)</"), std::string::npos);
  EXPECT_NE(embedded_data(page).dump().find("</script><script>alert(1)"), std::string::npos);
  EXPECT_NE(page.find("<title>Electron &lt;0.6.4&gt; &amp; later</title>"), std::string::npos);
}

TEST(HtmlReport, FillsEveryPartOfItsPage) {
  const std::string page = html(small_report());
  EXPECT_EQ(page.find("{{"), std::string::npos);
  EXPECT_NE(page.find(".answers"), std::string::npos);
  EXPECT_NE(page.find("function showTimeline"), std::string::npos);
}

TEST(HtmlReport, CarriesEveryCutOfASmallCampaign) {
  const ReportInput input = small_report();
  const auto data = html_data(input);
  ASSERT_EQ(data["campaigns"].size(), input.campaigns.size());
  for (std::size_t i = 0; i < input.campaigns.size(); ++i) {
    const auto& campaign = data["campaigns"][i];
    EXPECT_EQ(campaign["marks"]["v"].size(), 120U);
    EXPECT_EQ(campaign["failures"].size(), input.campaigns[i].summary.cuts.failures());
    const std::string plan = campaign["plan"]["prefix"].get<std::string>() +
                             campaign["marks"]["p"][5].get<std::string>() +
                             campaign["plan"]["suffix"].get<std::string>();
    EXPECT_EQ(plan, input.configurations[i].marks[5].plan);
  }
}

TEST(HtmlReport, EmbedsTheFirstTimelinesOfEachFailingVerdict) {
  const ReportInput input = small_report();
  for (const Configuration& configuration : input.configurations) {
    std::size_t wanted = 0;
    for (std::size_t v = 0; v < store::kVerdictCount; ++v) {
      const auto verdict = static_cast<record::Verdict>(v);
      if (!is_failure(verdict)) continue;
      wanted += std::min<std::size_t>(3, configuration.summary.cuts.of(verdict));
    }
    EXPECT_GE(configuration.samples.size(), wanted);
    EXPECT_LE(configuration.samples.size(), wanted + configuration.summary.phases.size());
  }
}

// For looking at: the build folder keeps a page made of the invented campaigns.
TEST(HtmlReport, WritesASample) {
  const std::string path = std::string(OTARIG_BUILD_DIR) + "/sample-report.html";
  std::ofstream(path) << html(small_report());
  EXPECT_GT(std::ifstream(path, std::ios::ate).tellg(), 50'000);
}

}  // namespace
}  // namespace rig::report
