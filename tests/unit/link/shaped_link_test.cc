#include "link/shaped_link.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace rig::link {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using base::Instant;
using base::kCycleStart;

base::Packet packet_of(std::uint64_t wire_bytes, std::uint16_t mark = 0) {
  base::Packet packet;
  packet.source.port = mark;
  packet.payload.resize(wire_bytes - 28);
  return packet;
}

Profile symmetric(Path path) { return {.name = "test", .up = path, .down = path, .outages = {}}; }

// Every arrival until the link is empty.
std::vector<Delivery> drain(ShapedLink& link) {
  std::vector<Delivery> all;
  while (const auto at = link.wake_time()) {
    for (Delivery& each : link.release_due(*at)) all.push_back(std::move(each));
  }
  return all;
}

// The same in one call: for queues so long that their removal one by one would take seconds.
std::vector<Delivery> drain_at_once(ShapedLink& link) {
  return link.release_due(kCycleStart + 10'000h);
}

std::string as_text(const std::vector<Delivery>& all) {
  std::string text;
  for (const Delivery& each : all) {
    text += std::to_string(each.at.time_since_epoch().count()) + " " +
            (each.direction == Direction::up ? "up " : "down ") +
            std::to_string(each.packet.source.port) + "\n";
  }
  return text;
}

struct Serialisation {
  double rate_bps;
  std::uint64_t wire_bytes;
  std::int64_t nanoseconds;
};

class SerialisationTime : public testing::TestWithParam<Serialisation> {};

TEST_P(SerialisationTime, OfTheFirstPacketHasNoFreeBurst) {
  const Serialisation& is = GetParam();
  ShapedLink link(symmetric({.rate_bps = is.rate_bps}), 1);
  link.send(Direction::down, packet_of(is.wire_bytes), kCycleStart + 3s);
  EXPECT_EQ(link.wake_time(), kCycleStart + 3s + base::Duration(is.nanoseconds));
}

INSTANTIATE_TEST_SUITE_P(
    Rates, SerialisationTime,
    testing::Values(Serialisation{320, 1500, 37'500'000'000}, Serialisation{320, 40, 1'000'000'000},
                    Serialisation{320, 576, 14'400'000'000}, Serialisation{50'000, 608, 97'280'000},
                    Serialisation{0.5, 28, 448'000'000'000}, Serialisation{0, 1500, 0}));

TEST(ShapedLink, ASaturatedLineDepartsExactlyEveryPacketTime) {
  ShapedLink link(symmetric({.rate_bps = 320}), 1);
  for (int i = 0; i < 500; ++i) link.send(Direction::down, packet_of(114), kCycleStart);
  const auto all = drain(link);
  ASSERT_EQ(all.size(), 500U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].at, kCycleStart + 2'850ms * (i + 1)) << "packet " << i;
  }
}

TEST(ShapedLink, FractionsOfANanosecondDoNotDrift) {
  ShapedLink link(symmetric({.rate_bps = 300'000, .queue_packets = 100'000}), 1);
  constexpr int kPackets = 30'000;
  for (int i = 0; i < kPackets; ++i) link.send(Direction::up, packet_of(29), kCycleStart);
  const auto all = drain_at_once(link);
  // 29 bytes at 300 kbit/s are 773,333.33 ns: three packets are a whole number.
  for (std::size_t i = 2; i < all.size(); i += 3) {
    ASSERT_EQ(all[i].at, kCycleStart + base::Duration(2'320'000) * ((i + 1) / 3));
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kPackets));
}

TEST(ShapedLink, ASmallPacketWaitsBehindTheOneOnTheLine) {
  ShapedLink link(symmetric({.rate_bps = 320, .delay = 200ms}), 1);
  link.send(Direction::up, packet_of(1500, 1), kCycleStart);
  link.send(Direction::up, packet_of(40, 2), kCycleStart + 1s);
  const auto all = drain(link);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].at, kCycleStart + 37'700ms);
  EXPECT_EQ(all[1].at, kCycleStart + 38'700ms);
}

TEST(ShapedLink, DirectionsDoNotWaitForEachOther) {
  ShapedLink link(symmetric({.rate_bps = 320}), 1);
  link.send(Direction::up, packet_of(1500), kCycleStart);
  link.send(Direction::down, packet_of(40), kCycleStart);
  EXPECT_EQ(link.wake_time(), kCycleStart + 1s);
  const auto all = drain(link);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].direction, Direction::down);
  EXPECT_EQ(link.delivered_bytes(Direction::up), 1500U);
  EXPECT_EQ(link.delivered_bytes(Direction::down), 40U);
}

TEST(ShapedLink, JitterSpreadsArrivalsAndKeepsTheirOrder) {
  ShapedLink link(symmetric({.rate_bps = 1e6, .delay = 100ms, .jitter = 80ms}), 7);
  Instant now = kCycleStart;
  for (std::uint16_t i = 0; i < 400; ++i, now += 5ms) {
    link.send(Direction::down, packet_of(60, i), now);
  }
  const auto all = drain(link);
  ASSERT_EQ(all.size(), 400U);
  base::Duration least = 1h;
  base::Duration most{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].packet.source.port, i);
    if (i > 0) {
      EXPECT_GE(all[i].at, all[i - 1].at);
    }
    const base::Duration took = all[i].at - (kCycleStart + 5ms * static_cast<int>(i));
    least = std::min(least, took);
    most = std::max(most, took);
  }
  EXPECT_GE(least, 100ms);
  EXPECT_LE(most, 181ms);
  EXPECT_GT(most - least, 40ms);
}

TEST(ShapedLink, LosesTheProportionAskedForAndSaysSo) {
  ShapedLink link(symmetric({.rate_bps = 1e6, .loss = 0.02, .queue_packets = 100'000}), 42);
  constexpr int kPackets = 50'000;
  for (int i = 0; i < kPackets; ++i) link.send(Direction::down, packet_of(100), kCycleStart);
  const auto drops = link.take_drops();
  const auto arrived = drain_at_once(link);
  EXPECT_EQ(drops.size() + arrived.size(), static_cast<std::size_t>(kPackets));
  // Five standard deviations of a binomial(50000, 0.02) are 157.
  EXPECT_NEAR(static_cast<double>(drops.size()), 1000, 157);
  EXPECT_EQ(drops.front().reason, "loss");
  EXPECT_EQ(drops.front().wire_bytes, 100U);
  EXPECT_TRUE(link.take_drops().empty());
}

TEST(ShapedLink, ALostPacketHasUsedTheLine) {
  ShapedLink link(symmetric({.rate_bps = 320, .loss = 0.5}), 3);
  for (int i = 0; i < 40; ++i) link.send(Direction::up, packet_of(40), kCycleStart);
  const std::size_t lost = link.take_drops().size();
  const auto all = drain(link);
  ASSERT_GT(lost, 5U);
  ASSERT_EQ(all.size(), 40 - lost);
  for (const Delivery& each : all) {
    EXPECT_EQ((each.at - kCycleStart) % 1s, base::Duration::zero());
  }
  EXPECT_GT(all.back().at, kCycleStart + 1s * all.size());
}

TEST(ShapedLink, AnOutageLosesWhatIsOfferedInItAndNothingElse) {
  Profile profile = symmetric({.rate_bps = 320});
  profile.outages = {{.from = kCycleStart + 10s, .until = kCycleStart + 40s}};
  ShapedLink link(profile, 1);
  for (const auto offered : {0s, 9s, 10s, 25s, 39s, 40s}) {
    link.send(Direction::up, packet_of(28, static_cast<std::uint16_t>(offered.count())),
              kCycleStart + offered);
  }
  link.send(Direction::down, packet_of(28), kCycleStart + 40s);
  const auto drops = link.take_drops();
  ASSERT_EQ(drops.size(), 3U);
  for (const Drop& each : drops) EXPECT_EQ(each.reason, "outage");
  EXPECT_EQ(drops[0].at, kCycleStart + 10s);
  const auto all = drain(link);
  EXPECT_EQ(as_text(all),
            "700000000 up 0\n9700000000 up 9\n40700000000 up 40\n40700000000 down 0\n");
}

TEST(ShapedLink, ThePacketOnTheLineSurvivesAnOutage) {
  Profile profile = symmetric({.rate_bps = 320});
  profile.outages = {{.from = kCycleStart + 1s, .until = kCycleStart + 100s}};
  ShapedLink link(profile, 1);
  link.send(Direction::down, packet_of(1500), kCycleStart);
  EXPECT_EQ(drain(link).size(), 1U);
}

TEST(ShapedLink, TheQueueCountsPacketsThatHaveNotBegun) {
  ShapedLink link(symmetric({.rate_bps = 320, .delay = 60s, .queue_packets = 2}), 1);
  // One on the line, two queued, the rest dropped.
  for (std::uint16_t i = 0; i < 5; ++i) link.send(Direction::down, packet_of(40, i), kCycleStart);
  auto drops = link.take_drops();
  ASSERT_EQ(drops.size(), 2U);
  EXPECT_EQ(drops[0].reason, "queue full");
  // At 1 s the second one's first bit leaves: room for exactly one.
  link.send(Direction::down, packet_of(40, 10), kCycleStart + 1s);
  link.send(Direction::down, packet_of(40, 11), kCycleStart + 1s);
  EXPECT_EQ(link.take_drops().size(), 1U);
  EXPECT_EQ(as_text(drain(link)),
            "61000000000 down 0\n62000000000 down 1\n63000000000 down 2\n64000000000 down 10\n");
}

TEST(ShapedLink, WithoutAQueueOnlyAnIdleLineAccepts) {
  ShapedLink link(symmetric({.rate_bps = 320, .queue_packets = 0}), 1);
  link.send(Direction::up, packet_of(40, 1), kCycleStart);
  link.send(Direction::up, packet_of(40, 2), kCycleStart + 999ms);
  link.send(Direction::up, packet_of(40, 3), kCycleStart + 1s);
  EXPECT_EQ(as_text(drain(link)), "1000000000 up 1\n2000000000 up 3\n");
}

// Offers the same traffic to a link and returns everything it did.
std::string history(ShapedLink link, Instant from) {
  for (std::uint16_t i = 0; i < 300; ++i) {
    link.send(i % 3 == 0 ? Direction::up : Direction::down, packet_of(60 + i, i), from + 40ms * i);
  }
  std::string text = as_text(drain(link));
  for (const Drop& each : link.take_drops()) {
    text += std::to_string(each.at.time_since_epoch().count()) + each.reason + "\n";
  }
  return text;
}

TEST(ShapedLink, ACopyInTheMiddleOfTrafficBehavesIdentically) {
  Profile profile = symmetric({.rate_bps = 50'000, .delay = 500ms, .jitter = 50ms, .loss = 0.1});
  ShapedLink link(profile, 99);
  for (std::uint16_t i = 0; i < 50; ++i) link.send(Direction::down, packet_of(500, i), kCycleStart);
  (void)link.release_due(kCycleStart + 2s);
  const ShapedLink copy = link;
  const std::string of_link = history(link, kCycleStart + 2s);
  EXPECT_EQ(of_link, history(copy, kCycleStart + 2s));
  EXPECT_GT(of_link.size(), 1000U);
}

TEST(ShapedLink, TheSeedDecides) {
  const Profile profile = symmetric({.rate_bps = 50'000, .jitter = 50ms, .loss = 0.1});
  EXPECT_EQ(history(ShapedLink(profile, 5), kCycleStart),
            history(ShapedLink(profile, 5), kCycleStart));
  EXPECT_NE(history(ShapedLink(profile, 5), kCycleStart),
            history(ShapedLink(profile, 6), kCycleStart));
}

TEST(ShapedLink, TrafficOneWayDoesNotChangeTheFateOfTheOther) {
  const Profile profile = symmetric({.rate_bps = 50'000, .jitter = 50ms, .loss = 0.3});
  ShapedLink alone(profile, 5);
  ShapedLink busy(profile, 5);
  for (std::uint16_t i = 0; i < 100; ++i) {
    alone.send(Direction::down, packet_of(100, i), kCycleStart + 20ms * i);
    busy.send(Direction::up, packet_of(300, i), kCycleStart + 20ms * i);
    busy.send(Direction::down, packet_of(100, i), kCycleStart + 20ms * i);
  }
  std::vector<Delivery> down = drain(busy);
  std::erase_if(down, [](const Delivery& each) { return each.direction == Direction::up; });
  EXPECT_EQ(as_text(down), as_text(drain(alone)));
}

TEST(ShapedLinkDeathTest, RefusesAProfileOutOfRange) {
  EXPECT_DEATH(ShapedLink(symmetric({.loss = 1.5}), 1), "loss");
  EXPECT_DEATH(ShapedLink(symmetric({.rate_bps = -1}), 1), "rate_bps");
}

}  // namespace
}  // namespace rig::link
