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
  input.campaigns[0].cycles[3].outcome->judgement.verdict = record::Verdict::stuck;
  input.campaigns[0].cycles[3].outcome->judgement.findings = {
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
    EXPECT_TRUE(std::any_of(input.campaigns[i].cycles.begin(), input.campaigns[i].cycles.end(),
                            [&](const auto& cycle) { return cycle.intent.plan == plan; }))
        << plan;
  }
}

TEST(HtmlReport, EmbedsTheFirstTimelinesOfEachFailingVerdict) {
  const ReportInput input = small_report();
  for (const CampaignReport& campaign : input.campaigns) {
    std::size_t wanted = 0;
    for (std::size_t v = 0; v < store::kVerdictCount; ++v) {
      const auto verdict = static_cast<record::Verdict>(v);
      const auto each = record::class_of(verdict);
      if (each != record::VerdictClass::degraded && each != record::VerdictClass::lost) continue;
      wanted += std::min<std::size_t>(3, campaign.summary.cuts.of(verdict));
    }
    EXPECT_GE(campaign.samples.size(), wanted);
    EXPECT_LE(campaign.samples.size(), wanted + campaign.summary.phases.size());
  }
}

TEST(HtmlReport, ThinsALargeMapButKeepsEveryVerdictVisible) {
  CampaignReport campaign;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    store::Cycle cycle;
    cycle.intent = {.index = i, .plan = "plan" + std::to_string(i)};
    auto& outcome = cycle.outcome.emplace();
    outcome.judgement.verdict = i == 12'345 ? record::Verdict::bricked : record::Verdict::resumed;
    outcome.judgement.phase = "applying";
    outcome.cut = {.op = i + 1,
                   .address = 0x08080000 + static_cast<std::uint32_t>(i) * 4,
                   .at = std::chrono::milliseconds(i)};
    campaign.cycles.push_back(cycle);
  }
  const ReportInput input{.campaigns = {campaign}};
  const auto marks = html_data(input)["campaigns"][0]["marks"];
  EXPECT_LE(marks["v"].size(), 5'000U);
  std::uint64_t cuts = 0;
  for (const auto& n : marks["n"]) cuts += n.get<std::uint64_t>();
  EXPECT_EQ(cuts, 20'000U);
  const auto bricked = static_cast<int>(record::Verdict::bricked);
  EXPECT_EQ(std::count(marks["v"].begin(), marks["v"].end(), nlohmann::json(bricked)), 1);
}

// For looking at: the build folder keeps a page made of the invented campaigns.
TEST(HtmlReport, WritesASample) {
  const std::string path = std::string(OTARIG_BUILD_DIR) + "/sample-report.html";
  std::ofstream(path) << html(small_report());
  EXPECT_GT(std::ifstream(path, std::ios::ate).tellg(), 50'000);
}

}  // namespace
}  // namespace rig::report
