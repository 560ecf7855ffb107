// What one direction does: line, queue, chance, trace.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "link/chance.h"
#include "unit/link/link_tests.h"

namespace rig::link {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using base::Duration;
using base::Instant;
using test::at;
using test::down_only;
using test::drain;
using test::udp;

void send_burst(ShapedLink& link, int packets, std::uint64_t wire_bytes, Duration when = 0s) {
  for (int i = 0; i < packets; ++i) {
    link.send(Direction::down, udp(wire_bytes, static_cast<std::uint16_t>(i)), at(when));
  }
}

TEST(Framing, OverheadAndCellsTakeTimeOfTheLine) {
  const Framing atm{.overhead_bytes = 8, .cell_bytes = 48, .cell_overhead_bytes = 5};
  EXPECT_EQ(atm.line_bytes(40), 53U);
  EXPECT_EQ(atm.line_bytes(41), 106U);
  EXPECT_EQ(Framing{.overhead_bytes = 10}.line_bytes(30), 40U);
  ShapedLink link(down_only({.rate_bps = 320, .framing = {.overhead_bytes = 10}}), 1);
  send_burst(link, 1, 30);
  EXPECT_EQ(test::times(drain(link)), "1000:0");
  EXPECT_EQ(link.delivered_bytes(Direction::down), 30U);
}

TEST(Queue, LimitsInBytesAndInSecondsCountWhatWaits) {
  ShapedLink by_bytes(down_only({.rate_bps = 320, .queue = {.bytes = 100}}), 1);
  send_burst(by_bytes, 6, 40);
  EXPECT_EQ(test::marks(drain(by_bytes)), "0 1 2");
  EXPECT_EQ(by_bytes.take_drops().size(), 3U);

  ShapedLink by_time(down_only({.rate_bps = 320, .queue = {.length = 3s}}), 1);
  send_burst(by_time, 6, 40);
  EXPECT_EQ(test::marks(drain(by_time)), "0 1 2 3");
}

TEST(Queue, DropHeadKeepsTheNewestAndNeverTouchesTheLine) {
  ShapedLink link(
      down_only({.rate_bps = 320, .queue_packets = 2, .queue = {.policy = QueuePolicy::drop_head}}),
      1);
  send_burst(link, 6, 40);
  EXPECT_EQ(test::times(drain(link)), "1000:0 2000:4 3000:5");
  EXPECT_EQ(link.take_drops().size(), 3U);
}

// Sixteen packets a millisecond apart at 12 Mbit/s are 100 % load; twice that is a standing queue.
struct CodelRun {
  std::vector<Drop> drops;
  std::vector<Delivery> arrivals;
};
CodelRun overload(QueuePolicy policy, double factor, Duration length, std::uint8_t ecn = 0) {
  Path path{.rate_bps = 12e6, .queue_packets = 100'000, .queue = {.policy = policy}};
  path.marks = ecn != 0;
  ShapedLink link(down_only(path), 1);
  CodelRun run;
  const auto gap = Duration(static_cast<std::int64_t>(1e6 / factor));
  for (Duration now{}; now < length; now += gap) {
    for (Delivery& each : link.release_due(at(now))) run.arrivals.push_back(std::move(each));
    base::Packet packet = udp(1500);
    packet.ecn = ecn;
    link.send(Direction::down, packet, at(now));
  }
  run.drops = link.take_drops();
  return run;
}

// RFC 8289 section 5.3: the first drop an interval after the target was exceeded, the next ones
// interval / sqrt(count) later.
TEST(Codel, DropsByItsControlLaw) {
  const CodelRun run = overload(QueuePolicy::codel, 1.5, 2s);
  ASSERT_GT(run.drops.size(), 6U);
  EXPECT_EQ(run.drops[0].reason, "codel");
  // At 1.5 times the load a packet waits 5 ms when 15 have come too many: after about 15 ms.
  EXPECT_NEAR(base::to_seconds(run.drops[0].at - base::kCycleStart), 0.115, 0.006);
  for (std::size_t i = 1; i < 6; ++i) {
    const double law = 0.1 / std::sqrt(static_cast<double>(i));
    EXPECT_NEAR(base::to_seconds(run.drops[i].at - run.drops[i - 1].at), law, 0.002) << i;
  }
}

TEST(Codel, LeavesAGoodQueueAlone) {
  EXPECT_TRUE(overload(QueuePolicy::codel, 0.99, 2s).drops.empty());
  EXPECT_TRUE(overload(QueuePolicy::drop_tail, 1.5, 2s).drops.empty());
}

TEST(Codel, MarksThoseThatCanBeMarked) {
  const CodelRun run = overload(QueuePolicy::codel, 1.2, 2s, base::kEct0);
  EXPECT_TRUE(run.drops.empty());
  const auto marked = std::ranges::count_if(run.arrivals, [](const Delivery& each) {
    return each.packet.ecn == base::kCongestionExperienced;
  });
  EXPECT_GT(marked, 5);
}

double measured_loss(const LossModel& model, int packets, std::uint64_t seed) {
  LossChance chance(seed);
  int lost = 0;
  for (int i = 0; i < packets; ++i) lost += chance.lost(model) ? 1 : 0;
  return lost / static_cast<double>(packets);
}

// The standard deviation of a mean of n packets whose fates correlate by rho^k is at most
// sqrt(p (1 - p) / n * (1 + rho) / (1 - rho)); five of them.
TEST(Loss, LongRunSharesFollowTheClosedFormulas) {
  constexpr int kPackets = 400'000;
  EXPECT_NEAR(measured_loss(CorrelatedLoss{0.05, 0.5}, kPackets, 1), 0.05, 0.003);
  const GilbertElliott bursts{.enter = 0.01, .leave = 0.25, .loss_bad = 0.8, .loss_good = 0.001};
  EXPECT_NEAR(mean_loss(bursts), (0.25 * 0.001 + 0.01 * 0.8) / 0.26, 1e-12);
  EXPECT_NEAR(measured_loss(bursts, kPackets, 2), mean_loss(bursts), 0.0035);
  const FourState states{.p13 = 0.02, .p31 = 0.3, .p32 = 0.2, .p23 = 0.4, .p14 = 0.01};
  const double burst_share = 0.02 / 0.3;
  EXPECT_NEAR(mean_loss(states), (0.01 + burst_share) / (1.01 + burst_share * 1.5), 1e-12);
  EXPECT_NEAR(measured_loss(states, kPackets, 3), mean_loss(states), 0.004);
  EXPECT_EQ(measured_loss(std::monostate{}, 1000, 4), 0);
}

TEST(Loss, CorrelationIsThatOfNeighbours) {
  LossChance chance(7);
  constexpr int kPackets = 400'000;
  int lost = 0;
  int both = 0;
  bool last = false;
  for (int i = 0; i < kPackets; ++i) {
    const bool now = chance.lost(CorrelatedLoss{0.1, 0.4});
    lost += now ? 1 : 0;
    both += now && last ? 1 : 0;
    last = now;
  }
  // P(lost | last lost) = loss + correlation * (1 - loss).
  EXPECT_NEAR(both / static_cast<double>(lost), 0.46, 0.015);
}

TEST(Loss, AGilbertBurstIsAsLongAsItsBadStateLasts) {
  LossChance chance(8);
  int bursts = 0;
  int lost = 0;
  bool last = false;
  for (int i = 0; i < 400'000; ++i) {
    const bool now = chance.lost(GilbertElliott{.enter = 0.01, .leave = 0.2});
    lost += now ? 1 : 0;
    bursts += now && !last ? 1 : 0;
    last = now;
  }
  EXPECT_NEAR(lost / static_cast<double>(bursts), 5, 0.3);
}

struct Moments {
  double mean;
  double deviation;
  double neighbours;  // correlation
};
Moments moments(const JitterShape& shape, std::uint64_t seed) {
  constexpr int kPackets = 200'000;
  DelayChance chance(seed);
  double sum{};
  double squares{};
  double products{};
  double last{};
  for (int i = 0; i < kPackets; ++i) {
    const double x = base::to_seconds(chance.deviation(100ms, shape)) / 0.1;
    sum += x;
    squares += x * x;
    products += x * last;
    last = x;
  }
  const double mean = sum / kPackets;
  const double variance = squares / kPackets - mean * mean;
  return {mean, std::sqrt(variance), (products / kPackets - mean * mean) / variance};
}

TEST(Jitter, DistributionsHaveTheMeanDeviationAndCorrelationAskedFor) {
  const Moments normal = moments({.spread = Spread::normal, .correlation = 0.6}, 1);
  EXPECT_NEAR(normal.mean, 0, 0.02);
  EXPECT_NEAR(normal.deviation, 1, 0.02);
  EXPECT_NEAR(normal.neighbours, 0.6, 0.02);
  const Moments uniform = moments({.spread = Spread::uniform, .correlation = 0.3}, 2);
  EXPECT_NEAR(uniform.mean, 0.5, 0.01);
  EXPECT_NEAR(uniform.deviation, std::sqrt(1.0 / 12), 0.01);
  // A variance of a heavy tail converges slowly; its fourth moment is infinite.
  for (const Spread spread : {Spread::pareto, Spread::pareto_normal}) {
    const Moments heavy = moments({.spread = spread}, 3);
    EXPECT_NEAR(heavy.mean, 0, 0.02);
    EXPECT_NEAR(heavy.deviation, 1, 0.15);
    EXPECT_NEAR(heavy.neighbours, 0, 0.02);
  }
  const Moments table = moments({.spread = Spread::table, .table = {-1, 0, 1, 4}}, 4);
  EXPECT_NEAR(table.mean, 1, 0.02);
}

TEST(Jitter, ReordersOnlyWhenAskedTo) {
  Path path{.rate_bps = 1e6, .delay = 100ms, .jitter = 50ms};
  path.jitter_shape.spread = Spread::normal;
  for (const bool keeps : {true, false}) {
    path.jitter_shape.keeps_order = keeps;
    ShapedLink link(down_only(path), 5);
    for (std::uint16_t i = 0; i < 200; ++i) link.send(Direction::down, udp(60, i), at(5ms * i));
    const auto all = drain(link);
    ASSERT_EQ(all.size(), 200U);
    const bool in_order = std::ranges::is_sorted(
        all, {}, [](const Delivery& each) { return each.packet.source.port; });
    EXPECT_EQ(in_order, keeps);
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Delivery::at));
  }
}

TEST(Marking, ReplacesLossWhereThePacketCanCarryIt) {
  ShapedLink link(down_only({.loss = 1, .marks = true}), 1);
  base::Packet capable = udp(100, 1);
  capable.ecn = base::kEct0;
  link.send(Direction::down, capable, at(0s));
  link.send(Direction::down, udp(100, 2), at(0s));
  const auto all = drain(link);
  ASSERT_EQ(test::marks(all), "1");
  EXPECT_EQ(all[0].packet.ecn, base::kCongestionExperienced);
  EXPECT_EQ(link.take_drops().size(), 1U);
}

TEST(Mtu, TellsOrIsSilentOrFragments) {
  for (const Oversize larger : {Oversize::drop, Oversize::black_hole, Oversize::fragment_drop}) {
    ShapedLink link(down_only({.mtu = 576, .oversize = larger}), 1);
    link.send(Direction::down, udp(576, 1), at(0s));
    link.send(Direction::down, udp(577, 2), at(0s));
    EXPECT_EQ(test::marks(drain(link)), "1");
    const auto drops = link.take_drops();
    ASSERT_EQ(drops.size(), 1U);
    EXPECT_EQ(drops[0].told_mtu, larger == Oversize::drop ? 576U : 0U);
  }
  // 1500 bytes over 576: 1480 of payload in pieces of 552, so two more headers; 1540 * 8 / 320 s.
  ShapedLink link(down_only({.rate_bps = 320, .mtu = 576, .oversize = Oversize::fragment}), 1);
  link.send(Direction::down, udp(1500, 1), at(0s));
  EXPECT_EQ(test::times(drain(link)), "38500:1");
}

TEST(Mtu, APacketInPiecesNeedsThemAll) {
  ShapedLink link(down_only({.loss = 0.1, .mtu = 576, .oversize = Oversize::fragment}), 1);
  constexpr int kPackets = 5000;
  for (int i = 0; i < kPackets; ++i) link.send(Direction::down, udp(1500), at(0s));
  // Three pieces; five standard deviations.
  EXPECT_NEAR(static_cast<double>(link.take_drops().size()) / kPackets, 1 - 0.9 * 0.9 * 0.9, 0.032);
}

Trace trace_of(std::string_view text) { return std::get<Trace>(read_trace(text)); }

TEST(TraceText, IsReadWrittenAndRefusedByLine) {
  const Trace trace = trace_of("# ours\n# bytes 40\n1\n1\n5\n");
  EXPECT_EQ(trace.milliseconds, (std::vector<std::uint32_t>{1, 1, 5}));
  EXPECT_EQ(trace.opportunity_bytes, 40U);
  EXPECT_DOUBLE_EQ(trace.mean_rate_bps(), 3 * 40 * 8 / 0.005);
  EXPECT_EQ(trace_of(write_trace(trace)), trace);
  const auto complaint = [](std::string_view text) {
    const auto error = std::get<TraceError>(read_trace(text));
    return std::to_string(error.line) + ": " + error.what;
  };
  EXPECT_EQ(complaint("5\n4\n"),
            "2: the trace goes back from 5 ms to 4 ms; times must not decrease");
  EXPECT_EQ(complaint("5\nx\n"), "2: 'x' is no time; write whole milliseconds, as in 37500");
  EXPECT_EQ(complaint("0\n").substr(0, 26), "1: the trace ends at 0 ms,");
  EXPECT_EQ(complaint("").substr(0, 2), "1:");
}

TEST(Trace, PacketsLeaveWithItsOpportunitiesAndItRepeats) {
  Path path;
  path.trace = trace_of("10\n10\n30\n");  // 1500 bytes each, every 30 ms anew
  ShapedLink link(down_only(path), 1);
  for (std::uint16_t i = 0; i < 5; ++i) link.send(Direction::down, udp(1500, i), at(1ms));
  EXPECT_EQ(test::times(drain(link)), "10:0 10:1 30:2 40:3 40:4");
}

TEST(Trace, WhatIsLeftOfAnOpportunityIsForThoseWhoWait) {
  Path path;
  path.trace = trace_of("10\n20\n");
  ShapedLink link(down_only(path), 1);
  for (std::uint16_t i = 0; i < 3; ++i) link.send(Direction::down, udp(700, i), at(0s));
  // Two in the first; the third needs 100 bytes of the first and 600 of the second.
  EXPECT_EQ(test::times(drain(link)), "10:0 10:1 20:2");
  link.send(Direction::down, udp(700, 9), at(21ms));
  EXPECT_EQ(test::times(drain(link)), "30:9");
}

TEST(LiveChange, LeavesThePacketOnTheLineAlone) {
  ShapedLink link(down_only({.rate_bps = 320}), 1);
  send_burst(link, 3, 40);
  link.set_profile(down_only({.rate_bps = 3200, .delay = 1s}), at(500ms));
  // The first one keeps its second; those that waited are ten times as fast from there on.
  EXPECT_EQ(test::times(drain(link)), "1000:0 2100:1 2200:2");
  EXPECT_TRUE(link.take_drops().empty());
  const auto changes = link.take_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].text, "profile test");
}

}  // namespace
}  // namespace rig::link
