// Impairments: to which packets, when, what; what middleboxes do to connections.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "unit/link/link_tests.h"

namespace rig::link {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using base::Duration;
using base::Packet;
using test::at;
using test::drain;
using test::tcp;
using test::udp;
using test::with;

std::string changes_of(ShapedLink& link) {
  std::string text;
  for (const Change& each : link.take_changes()) {
    text +=
        std::to_string(each.at.time_since_epoch().count() / 1'000'000'000) + " " + each.text + "; ";
  }
  return text;
}

// What arrives of packets 1..n, one a second.
std::string survivors(const Profile& profile, std::uint16_t packets,
                      Direction direction = Direction::down) {
  ShapedLink link(profile, 1);
  for (std::uint16_t i = 1; i <= packets; ++i) link.send(direction, udp(100, i), at(1s * i));
  return test::marks(drain(link));
}

TEST(Patterns, PickByIndexByNumberAndByBurst) {
  EXPECT_EQ(survivors(with({.pick = {.packets = {{2, 2}, {4, 5}}}}), 7), "1 3 6 7");
  EXPECT_EQ(survivors(with({.pick = {.every = 3}}), 7), "1 2 4 5 7");
  EXPECT_EQ(survivors(with({.pick = {.burst_gap = 100ms, .burst_from = 2}}), 3), "1 2 3");
  EXPECT_EQ(survivors(with({.pick = {.burst_gap = 1s, .burst_from = 2}}), 3), "1");
  const std::string half = survivors(with({.pick = {.chance = 0.5}}), 200);
  EXPECT_GT(half.size(), 200U);
  EXPECT_LT(half.size(), 550U);
}

TEST(Patterns, AChanceOfOneWayDoesNotMoveTheOther) {
  const Profile profile = with({.pick = {.chance = 0.5}});
  ShapedLink link(profile, 1);
  for (std::uint16_t i = 1; i <= 40; ++i) {
    link.send(Direction::up, udp(50, i), at(1s * i));
    link.send(Direction::down, udp(100, i), at(1s * i));
  }
  auto all = drain(link);
  std::erase_if(all, [](const Delivery& each) { return each.direction == Direction::up; });
  EXPECT_EQ(test::marks(all), survivors(profile, 40));
}

TEST(Matching, ByDirectionProtocolPortFlagsSizeAndContent) {
  Packet get = tcp(0);
  get.payload = base::bytes_of("GET /image HTTP/1.1");
  EXPECT_TRUE(matches({.contains = "/image"}, Direction::up, get));
  EXPECT_FALSE(matches({.contains = "/other"}, Direction::up, get));
  EXPECT_TRUE(matches({.port = 80}, Direction::up, get));
  EXPECT_FALSE(matches({.port = 81}, Direction::up, get));
  EXPECT_FALSE(matches({.direction = Direction::down}, Direction::up, get));
  EXPECT_FALSE(matches({.protocol = base::Protocol::udp}, Direction::up, get));
  EXPECT_TRUE(matches({.ack_only = true}, Direction::up, tcp(0)));
  EXPECT_FALSE(matches({.ack_only = true}, Direction::up, tcp(0, base::kTcpSyn)));
  EXPECT_FALSE(matches({.ack_only = true}, Direction::up, get));
  constexpr std::uint8_t kMarksSeen = 64;  // ECE, RFC 3168 section 6.1
  EXPECT_TRUE(matches({.ack_only = true}, Direction::up, tcp(0, base::kTcpAck | kMarksSeen)));
  EXPECT_TRUE(matches({.syn = true}, Direction::up, tcp(0, base::kTcpSyn)));
  EXPECT_FALSE(matches({.fin = true}, Direction::up, tcp(0, base::kTcpSyn)));
  EXPECT_TRUE(matches({.larger_than = 99}, Direction::up, udp(100)));
  EXPECT_FALSE(matches({.larger_than = 100}, Direction::up, udp(100)));
}

TEST(Windows, OfTimeAreHalfOpenAndRecorded) {
  Profile profile = with({.name = "gap", .when = {.from = at(2s), .until = at(4s)}});
  EXPECT_EQ(survivors(profile, 5), "1 4 5");
  ShapedLink link(profile, 1);
  (void)drain(link);
  EXPECT_EQ(changes_of(link), "2 gap on; 4 gap off; ");
}

TEST(Windows, OfAPhaseFollowTheUpdate) {
  ShapedLink link(with({.name = "dead", .when = {.phase = "applying"}}), 1);
  link.send(Direction::down, udp(100, 1), at(1s));
  link.set_phase("applying", at(2s));
  link.send(Direction::down, udp(100, 2), at(3s));
  link.set_phase("online", at(4s));
  link.send(Direction::down, udp(100, 3), at(5s));
  EXPECT_EQ(test::marks(drain(link)), "1 3");
  EXPECT_EQ(link.take_drops().at(0).reason, "dead");
  EXPECT_EQ(changes_of(link), "2 dead on; 4 dead off; ");
}

TEST(Windows, OfBytesCountWhatArrivedFromWhereTheUpdateBegan) {
  ShapedLink link(with({.name = "late", .when = {.bytes_from = 200, .bytes_until = 300}}), 1);
  std::string passed;
  for (std::uint16_t i = 1; i <= 8; ++i) {
    if (i == 3) link.count_from_here();
    link.send(Direction::down, udp(100, i), at(1s * i));
    passed += test::marks(link.release_due(at(1s * i))) + ",";
  }
  // Counted from the third: 3 and 4 make 200 bytes, and nothing after that arrives.
  EXPECT_EQ(passed, "1,2,3,4,,,,,");
}

TEST(Windows, HaveARhythm) {
  EXPECT_EQ(survivors(with({.when = {.from = at(2s), .on = 2s, .off = 3s}}), 10), "1 4 5 6 9 10");
}

TEST(Windows, AnotherPathReplacesTheOldOneWhileTheyHold) {
  Profile profile = with({.name = "slow",
                          .when = {.from = at(10s), .until = at(20s)},
                          .effect = Replace{.down = Path{.rate_bps = 320}}});
  profile.down.rate_bps = 3200;
  ShapedLink link(profile, 1);
  for (const int second : {1, 10, 11, 25}) {
    link.send(Direction::down, udp(40, static_cast<std::uint16_t>(second)), at(1s * second));
  }
  EXPECT_EQ(test::times(drain(link)), "1100:1 11000:10 12000:11 25100:25");
}

TEST(Windows, AStepInTheMiddleOfAQueueHoldsForWhatBeginsBehindIt) {
  Profile profile =
      with({.when = {.from = at(1500ms)}, .effect = Replace{.down = Path{.rate_bps = 3200}}});
  profile.down.rate_bps = 320;
  ShapedLink link(profile, 1);
  for (std::uint16_t i = 0; i < 4; ++i) link.send(Direction::down, udp(40, i), at(0s));
  // The second is on the line at 1.5 s and finishes as it began.
  EXPECT_EQ(test::times(drain(link)), "1000:0 2000:1 2100:2 2200:3");
}

TEST(OneWay, ABlackHoleLeavesTheOtherDirectionAlone) {
  const Profile profile = with({.name = "hole", .which = {.direction = Direction::down}});
  EXPECT_EQ(survivors(profile, 2, Direction::down), "");
  EXPECT_EQ(survivors(profile, 2, Direction::up), "1 2");
}

TEST(Effects, LosingUsesTheLineAndVanishingDoesNot) {
  for (const bool uses : {true, false}) {
    Profile profile = with({.pick = {.packets = {{1, 1}}}});
    if (uses) profile.impairments[0].effect = Lose{};
    profile.down.rate_bps = 320;
    ShapedLink link(profile, 1);
    for (std::uint16_t i = 0; i < 2; ++i) link.send(Direction::down, udp(40, i), at(0s));
    EXPECT_EQ(test::times(drain(link)), uses ? "2000:1" : "1000:1");
    EXPECT_EQ(link.take_drops().size(), 1U);
  }
}

TEST(Effects, DamageCopiesCutsAndHoldsBack) {
  ShapedLink noticed(with({.effect = Corrupt{}}), 1);
  noticed.send(Direction::up, udp(100), at(0s));
  EXPECT_EQ(noticed.take_drops().at(0).reason, "checksum");

  ShapedLink corrupt(with({.effect = Corrupt{.bits = 1, .unnoticed = true}}), 1);
  corrupt.send(Direction::up, udp(100), at(0s));
  const auto damaged = drain(corrupt).at(0).packet.payload;
  int bits = 0;
  for (const std::uint8_t byte : damaged) bits += std::popcount(byte);
  EXPECT_EQ(bits, 1);

  ShapedLink truncate(with({.effect = Truncate{10}}), 1);
  truncate.send(Direction::up, udp(100), at(0s));
  EXPECT_EQ(drain(truncate).at(0).packet.payload.size(), 10U);

  EXPECT_EQ(survivors(with({.pick = {.packets = {{2, 2}}}, .effect = Duplicate{2}}), 3),
            "1 2 2 2 3");
  const Pick first{.packets = {{1, 1}}};
  EXPECT_EQ(survivors(with({.pick = first, .effect = Delay{.by = 1500ms, .overtaken = true}}), 3),
            "2 1 3");
  EXPECT_EQ(survivors(with({.pick = first, .effect = Delay{.by = 1500ms}}), 3), "1 2 3");
}

TEST(Tcp, MssAndWindowAreClampedDownNeverUp) {
  Profile profile = with({.effect = ClampMss{536}});
  profile.impairments.push_back({.effect = ClampWindow{1000}});
  ShapedLink link(profile, 1);
  Packet syn = tcp(0, base::kTcpSyn);
  syn.mss = 1460;
  syn.window = 65'535;
  link.send(Direction::up, syn, at(0s));
  syn.mss = 0;
  syn.window = 500;
  link.send(Direction::up, syn, at(0s));
  const auto all = drain(link);
  EXPECT_EQ(all.at(0).packet.mss, 536);
  EXPECT_EQ(all.at(0).packet.window, 1000);
  EXPECT_EQ(all.at(1).packet.mss, 0);
  EXPECT_EQ(all.at(1).packet.window, 500);
}

TEST(Tcp, AResetReachesBothEndsAndTheConnectionStaysDead) {
  ShapedLink link(
      with({.name = "cutter", .which = {.direction = Direction::up}, .effect = Reset{150}}), 1);
  for (int i = 0; i < 3; ++i) {
    Packet packet = tcp(100);
    packet.sequence = 1000 + 100 * static_cast<std::uint32_t>(i);
    packet.acknowledgement = 77;
    link.send(Direction::up, packet, at(1s * i));
  }
  const auto all = drain(link);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].packet.payload.size(), 100U);
  EXPECT_EQ(all[1].direction, Direction::up);
  EXPECT_EQ(all[1].packet.sequence, 1100U);
  EXPECT_EQ(all[2].direction, Direction::down);
  EXPECT_EQ(all[2].packet.destination.port, 4000);
  EXPECT_EQ(all[2].packet.sequence, 77U);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(all[i].packet.tcp_flags, base::kTcpRst | base::kTcpAck);
    EXPECT_TRUE(all[i].packet.payload.empty());
  }
  EXPECT_EQ(link.take_drops().at(0).reason, "cutter");
}

TEST(Tcp, AFinCutsTheStreamAtItsByteAndANewConnectionBeginsAnew) {
  ShapedLink link(with({.effect = Finish{150}}), 1);
  for (int i = 0; i < 3; ++i) link.send(Direction::down, tcp(100), at(1s * i));
  link.send(Direction::down, tcp(0, base::kTcpSyn), at(4s));
  const auto all = drain(link);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].packet.payload.size(), 50U);
  EXPECT_NE(all[1].packet.tcp_flags & base::kTcpFin, 0);
  EXPECT_EQ(all[2].packet.tcp_flags, base::kTcpSyn);
}

TEST(Tcp, AStallEndsOrDoesNot) {
  for (const Duration length : {Duration(5s), Duration{}}) {
    ShapedLink link(with({.effect = Stall{.after = 150, .length = length}}), 1);
    for (int i = 0; i < 10; ++i) link.send(Direction::down, tcp(100), at(1s * i));
    EXPECT_EQ(drain(link).size(), length > Duration{} ? 5U : 1U);
  }
}

TEST(Tcp, SlicesCarryTheSameBytes) {
  ShapedLink link(with({.effect = Slice{40}}), 1);
  Packet packet = tcp(100, base::kTcpAck | base::kTcpFin);
  packet.sequence = 500;
  for (std::size_t i = 0; i < 100; ++i) packet.payload[i] = static_cast<std::uint8_t>(i);
  link.send(Direction::down, packet, at(0s));
  base::Bytes joined;
  std::uint32_t expected = 500;
  for (const Delivery& each : drain(link)) {
    EXPECT_EQ(each.packet.sequence, expected);
    expected += static_cast<std::uint32_t>(each.packet.payload.size());
    EXPECT_EQ((each.packet.tcp_flags & base::kTcpFin) != 0, expected == 600);
    base::append(joined, each.packet.payload);
  }
  EXPECT_EQ(joined, packet.payload);
}

TEST(NatTable, ForgetsABindingAndGivesAnotherPort) {
  Profile profile{.name = "nat", .nat = {.timeout = 30s}};
  ShapedLink link(profile, 1);
  const auto up = [&](Duration when) {
    link.send(Direction::up, udp(100, 5000), at(when));
    return link.release_due(at(when)).at(0).packet.source.port;
  };
  const auto down = [&](std::uint16_t port, Duration when) {
    Packet packet = udp(100);
    packet.destination.port = port;
    link.send(Direction::down, packet, at(when));
    const auto all = link.release_due(at(when));
    return all.empty() ? -1 : all[0].packet.destination.port;
  };
  EXPECT_EQ(down(5000, 0s), -1);  // nobody has sent yet
  EXPECT_EQ(up(1s), 5000);
  EXPECT_EQ(down(5000, 30s), 5000);
  EXPECT_EQ(down(5000, 31s), -1);  // what comes down refreshes nothing
  EXPECT_EQ(link.take_drops().back().reason, "nat");
  const std::uint16_t fresh = up(40s);
  EXPECT_NE(fresh, 5000);
  EXPECT_EQ(down(5000, 41s), -1);
  EXPECT_EQ(down(fresh, 41s), 5000);
}

TEST(Copies, OfALinkInTheMiddleOfEverythingGoOnAlike) {
  Profile profile = with({.pick = {.chance = 0.3}, .effect = Delay{.by = 2s, .overtaken = true}});
  profile.impairments.push_back({.pick = {.chance = 0.3}, .effect = Lose{}});
  profile.down = {.rate_bps = 3200, .jitter = 200ms, .queue = {.policy = QueuePolicy::codel}};
  profile.down.loss_model = GilbertElliott{.enter = 0.1, .leave = 0.4};
  profile.down.jitter_shape.spread = Spread::pareto;
  ShapedLink link(profile, 9);
  for (std::uint16_t i = 0; i < 50; ++i) link.send(Direction::down, udp(100, i), at(100ms * i));
  ShapedLink copy = link;
  const std::string of_link = test::times(drain(link));
  EXPECT_EQ(of_link, test::times(drain(copy)));
  EXPECT_GT(of_link.size(), 100U);
}

}  // namespace
}  // namespace rig::link
