// What a report says of the link is what the timelines' notes say.
#include "report/link_figures.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "board/link_figures.h"
#include "report/html_data.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "tcp/accuracy.h"
#include "unit/report/synthetic.h"
#include "unit/store/store_fixture.h"

namespace rig::report {
namespace {

using base::Direction;
using base::Duration;
using record::Event;
using record::EventKind;
using record::Lane;

constexpr base::Instant kEnd = base::kCycleStart + std::chrono::minutes(5);

// 100 packets down, 4 of them lost to chance where 3 were to be expected, 6 to a full queue; what
// came was late by 20 us, once by 900, and the last one makes the rate 0.1 % too low.
shaping::Stats lossy() {
  shaping::Stats stats{.engine = "packets", .profile = "lossy-2g"};
  for (int i = 0; i < 100; ++i) {
    stats.meter.offered(Direction::down, 500);
    stats.meter.chanced(Direction::down, 0.03);
  }
  const auto lost = [&](const char* reason) {
    stats.meter.dropped({.direction = Direction::down, .wire_bytes = 500, .reason = reason});
  };
  for (int i = 0; i < 4; ++i) lost("loss");
  for (int i = 0; i < 6; ++i) lost("queue full");
  for (int i = 0; i < 90; ++i) {
    link::Delivery delivery{.direction = Direction::down,
                            .at = base::kCycleStart + std::chrono::milliseconds(10) * i,
                            .packet = {}};
    delivery.packet.payload.resize(472);
    delivery.packet.protocol = base::Protocol::udp;
    const auto late = std::chrono::microseconds(i < 89 ? 20 : 900);
    stats.meter.delivered(delivery, delivery.at + late);
  }
  return stats;
}

record::Timeline timeline_of(const shaping::Stats& stats, board::TcpSide tcp) {
  record::Timeline timeline{{kEnd, Lane::rig, EventKind::cycle_end, 0, 0, ""}};
  for (Event& each : board::figures_of(stats, kEnd, tcp)) timeline.push_back(std::move(each));
  return timeline;
}

TEST(LinkFigures, AreThoseOfTheMeter) {
  std::vector<LinkFigures> known;
  add_link(known, {7}, timeline_of(lossy(), board::TcpSide::none_or_real));
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].engine, "packets");
  EXPECT_EQ(known[0].profile, "lossy-2g");
  EXPECT_EQ(known[0].tcp, "");
  const LinkWay& down = known[0].down;
  EXPECT_EQ(down.offered, 100U);
  EXPECT_EQ(down.delivered, 90U);
  EXPECT_NEAR(down.applied_losses, 4, 1e-9);
  EXPECT_NEAR(down.asked_losses, 3, 1e-9);
  EXPECT_EQ(down.dropped, (std::map<std::string, std::uint64_t>{{"loss", 4}, {"queue full", 6}}));
  EXPECT_NEAR(static_cast<double>(down.late_p50_us), 20, 1);
  EXPECT_EQ(down.late_max_us, 900U);
  // 890 ms were to be, 890.88 ms were.
  EXPECT_EQ(down.rate_error_ppm, -988);
  EXPECT_EQ(known[0].up, LinkWay{});
}

TEST(LinkFigures, OfSeveralCyclesAreSumsAndTheWorst) {
  std::vector<LinkFigures> known;
  shaping::Stats calm = lossy();
  calm.meter = {};
  calm.meter.offered(Direction::down, 100);
  add_link(known, {1}, timeline_of(calm, board::TcpSide::none_or_real));
  add_link(known, {2}, timeline_of(lossy(), board::TcpSide::none_or_real));
  add_link(known, {3}, timeline_of(calm, board::TcpSide::none_or_real));
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].cycles, 3U);
  EXPECT_EQ(known[0].down.offered, 102U);
  EXPECT_EQ(known[0].down.late_max_us, 900U);
  EXPECT_EQ(known[0].down.rate_error_ppm, -988);
}

TEST(LinkFigures, OfAnotherProfileStandApart) {
  std::vector<LinkFigures> known;
  shaping::Stats other = lossy();
  other.profile = "gprs";
  add_link(known, {1}, timeline_of(lossy(), board::TcpSide::none_or_real));
  add_link(known, {2}, timeline_of(other, board::TcpSide::none_or_real));
  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[1].profile, "gprs");
}

TEST(LinkFigures, NameTheModelOfTcpAndTheFileOfThePackets) {
  record::Timeline timeline = timeline_of(lossy(), board::TcpSide::model);
  timeline.push_back({kEnd, Lane::link, EventKind::note, 0, 0, "pcap /tmp/a night/link.pcapng"});
  std::vector<LinkFigures> known;
  add_link(known, {7}, timeline);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].tcp, tcp::kAccuracy);
  ASSERT_EQ(known[0].files.size(), 1U);
  EXPECT_EQ(known[0].files[0].file, "/tmp/a night/link.pcapng");
}

// What a device prints, or the link does during the cycle, is not taken for its figures.
TEST(LinkFigures, AreOnlyWhatStandsBehindTheEnd) {
  record::Timeline timeline = timeline_of(lossy(), board::TcpSide::none_or_real);
  std::rotate(timeline.begin(), timeline.begin() + 1, timeline.end());
  std::vector<LinkFigures> known;
  add_link(known, {7}, timeline);
  EXPECT_TRUE(known.empty());
}

store::CampaignId booked(store::Store& store, const record::Timeline& timeline) {
  const store::CampaignId campaign = store.begin_campaign({.scenario = "imp/crawl"});
  const store::CycleId cycle =
      store.begin_cycle(campaign, {.plan = "imp/crawl", .kind = store::CycleKind::run});
  store::CycleOutcome outcome;
  outcome.judgement.verdict = record::Verdict::survived_new;
  store.finish_cycle(cycle, outcome, store::pack(timeline));
  store.end_campaign(campaign, store::CampaignState::finished, 1);
  return campaign;
}

TEST(LinkFigures, StandInTheReports) {
  store::TemporaryFile file;
  store::Store store(file.path());
  const auto id = booked(store, timeline_of(lossy(), board::TcpSide::model));
  const ReportInput input = load_campaigns(store, std::vector{id});
  const auto page = html_data(input)["campaigns"][0]["links"];
  ASSERT_EQ(page.size(), 1U);
  EXPECT_EQ(page[0]["profile"], "lossy-2g");
  EXPECT_EQ(page[0]["cycles"], 1);
  EXPECT_EQ(page[0]["tcp"], std::string(tcp::kAccuracy));
  EXPECT_NEAR(page[0]["down"]["loss_applied"].get<double>(), 0.04, 1e-9);
  EXPECT_NEAR(page[0]["down"]["loss_asked"].get<double>(), 0.03, 1e-9);
  EXPECT_EQ(page[0]["down"]["dropped"]["queue full"], 6);
  EXPECT_EQ(page[0]["down"]["late_max_us"], 900);
  EXPECT_EQ(page[0]["down"]["rate_error_ppm"], -988);
  const auto json = nlohmann::json::parse(report_json(input));
  EXPECT_EQ(json["campaigns"][0]["links"], page);
}

}  // namespace
}  // namespace rig::report
