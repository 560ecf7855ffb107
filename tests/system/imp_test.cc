// The first field report, on the machine code of the imp: what each of its stories ends with, and
// that the rig says why.
#include <gtest/gtest.h>

#include "board/sim_bench.h"
#include "record/judge.h"
#include "scenario/plan.h"
#include "simulator/engine.h"
#include "system/shipped.h"

namespace rig {
namespace {

using record::Verdict;

struct Told {
  record::Judgement judgement;
  record::Timeline timeline;

  [[nodiscard]] std::string findings() const {
    std::string text;
    for (const auto& finding : judgement.findings) text += finding.text + "\n";
    return text;
  }
  [[nodiscard]] int seen(const std::string& start) const {
    int count = 0;
    for (const record::Event& event : timeline) {
      if (event.kind == record::EventKind::line && event.text.starts_with(start)) ++count;
    }
    return count;
  }
  // On the lane of the server, or of the link.
  [[nodiscard]] int told(record::Lane lane, const std::string& part) const {
    int count = 0;
    for (const record::Event& event : timeline) {
      if (event.lane == lane && event.text.find(part) != std::string::npos) ++count;
    }
    return count;
  }
  [[nodiscard]] double hours() const {
    return base::to_seconds(timeline.back().at.time_since_epoch()) / 3600;
  }
};

Told tell(const std::string& name) {
  const auto scenario = scenario::load(library().scenarios / ("imp/" + name + ".yaml"), library());
  const board::SimBench bench(scenario, library());
  simulator::Engine engine;
  board::SimCycle cycle = bench.cycle(std::nullopt, scenario.seed);
  cycle.run(engine);
  const auto contract = scenario::contract_of(scenario, std::nullopt);
  return {record::judge(contract, cycle.timeline()), cycle.timeline()};
}

TEST(ImpReport, CrawlsForHoursAndArrivesWithPatience) {
  const Told told = tell("crawl");
  EXPECT_EQ(told.judgement.verdict, Verdict::survived_new) << told.findings();
  EXPECT_EQ(told.seen("upgrade verified pass=1 bytes=520000"), 1);
  EXPECT_GT(told.hours(), 7.2);
  EXPECT_LT(told.hours(), 9.0);
}

TEST(ImpReport, ATimeOutShorterThanAPassIsStuckWithTheArithmetic) {
  const Told told = tell("livelock");
  EXPECT_EQ(told.judgement.verdict, Verdict::stuck) << told.findings();
  EXPECT_NE(told.findings().find("(timeout) after 15 min with "), std::string::npos)
      << told.findings();
  EXPECT_NE(told.findings().find("longer than a try lasts"), std::string::npos) << told.findings();
  EXPECT_GT(told.seen("[Status] firmware update triggered"), 10);
}

TEST(ImpReport, CrawlsWithoutAnyLimitOfRate) {
  const Told told = tell("tail-loss");
  EXPECT_EQ(told.judgement.verdict, Verdict::stuck) << told.findings();
  EXPECT_NE(told.findings().find("longer than a try lasts"), std::string::npos) << told.findings();
}

TEST(ImpReport, StallsWherePort80IsIntercepted) {
  const Told told = tell("interception");
  EXPECT_EQ(told.judgement.verdict, Verdict::stuck) << told.findings();
  EXPECT_NE(told.findings().find("the best (stalled)"), std::string::npos) << told.findings();
}

TEST(ImpReport, IsCuredByARelay) {
  const Told stuck = tell("black-hole");
  EXPECT_EQ(stuck.judgement.verdict, Verdict::stuck) << stuck.findings();
  EXPECT_GT(stuck.told(record::Lane::link, "down mtu"), 10);
  const Told told = tell("relay");
  EXPECT_EQ(told.judgement.verdict, Verdict::survived_new) << told.findings();
  EXPECT_GT(told.told(record::Lane::server, "http connect from=10.0.0.3:"), 1);
  EXPECT_EQ(told.told(record::Lane::server, "http connect from=10.0.0.2:"), 0);
  EXPECT_EQ(told.told(record::Lane::link, "beyond down mtu"), 0);
}

TEST(ImpReport, IsKeptFromFinishingByPowerCycles) {
  const Told told = tell("power-cycle");
  EXPECT_EQ(told.judgement.verdict, Verdict::stuck) << told.findings();
}

TEST(ImpReport, ForcesTheUpdateUnlessTheProductMayPutItOff) {
  EXPECT_EQ(tell("forced").seen("[Status] firmware update deferred"), 0);
  const Told put_off = tell("opt-out");
  EXPECT_EQ(put_off.judgement.verdict, Verdict::survived_new) << put_off.findings();
  EXPECT_GT(put_off.seen("[Status] firmware update deferred"), 0);
}

TEST(ImpReport, GetsItsImageWhenTheCaptivePortalLetsItThrough) {
  const Told told = tell("captive-portal");
  EXPECT_EQ(told.judgement.verdict, Verdict::retried) << told.findings();
  EXPECT_GT(told.told(record::Lane::server, "portal http GET /imp/2 answer=511"), 1);
  EXPECT_GT(told.seen("upgrade failed"), 1);
  EXPECT_EQ(told.told(record::Lane::link, "portal off"), 1);
  EXPECT_EQ(told.seen("upgrade programmed"), 1);
}

TEST(ImpReport, IsStuckWhereItsServersNameLeadsElsewhere) {
  const Told told = tell("dns-hijack");
  EXPECT_EQ(told.judgement.verdict, Verdict::stuck) << told.findings();
  EXPECT_NE(told.findings().find("boot loop"), std::string::npos) << told.findings();
  EXPECT_GT(told.seen("upgrade failed pass=1 bytes=0 of=0 reason=bad-answer"), 10);
  EXPECT_GT(told.told(record::Lane::link, "up hijack"), 10);
  EXPECT_GT(told.told(record::Lane::server, "portal http GET /imp/2 answer=302"), 1);
}

TEST(ImpReport, TakesNamesThatComeLate) {
  const Told told = tell("slow-dns");
  EXPECT_EQ(told.judgement.verdict, Verdict::retried) << told.findings();
  EXPECT_GT(told.told(record::Lane::link, "no-dns"), 1);
}

TEST(ImpReport, AsksAgainForABlockThatWasAltered) {
  const Told told = tell("block-wise");
  EXPECT_EQ(told.judgement.verdict, Verdict::survived_new) << told.findings();
  EXPECT_EQ(told.seen("upgrade block-again pass=2"), 3);
  EXPECT_EQ(told.seen("upgrade failed"), 0);
}

TEST(ImpReport, ResumesWhereARouterForgets) {
  const Told told = tell("nat-expiry");
  EXPECT_EQ(told.judgement.verdict, Verdict::survived_new) << told.findings();
  EXPECT_GT(told.told(record::Lane::link, "down router"), 0);
  EXPECT_GT(told.seen("upgrade resume pass=1"), 0);
}

TEST(ImpReport, ResumesWhereConnectionsBreak) {
  const Told told = tell("resume");
  EXPECT_EQ(told.judgement.verdict, Verdict::survived_new) << told.findings();
  EXPECT_GT(told.seen("upgrade resume pass=1"), 3);
}

}  // namespace
}  // namespace rig
