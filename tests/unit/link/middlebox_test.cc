// Boxes on the way that are more than a line: routers that forget, resolvers that lie, portals.
#include <gtest/gtest.h>

#include "base/dns.h"
#include "unit/link/link_tests.h"

namespace rig::link {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using base::Packet;
using test::at;
using test::drain;
using test::tcp;
using test::udp;
using test::with;

constexpr base::Endpoint kDevice{0x0A000002, 4000};
constexpr base::Endpoint kResolver{0x0A00000A, base::kDnsPort};
constexpr base::Endpoint kPortal{0x0A420001, 8080};

Packet question(const char* host) {
  Packet packet;
  packet.source = kDevice;
  packet.destination = kResolver;
  packet.payload = *base::dns_query(host, 7);
  return packet;
}

TEST(Names, ABoxAnswersInTheResolversPlace) {
  ShapedLink link(with({.name = "hijack", .effect = Names{.address = kPortal.address}}), 1);
  link.send(Direction::up, question("upgrades.example.net"), at(0s));
  const auto all = drain(link);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].direction, Direction::down);
  EXPECT_EQ(all[0].packet.source, kResolver);
  EXPECT_EQ(all[0].packet.destination, kDevice);
  EXPECT_EQ(base::read_dns_answer(all[0].packet.payload)->address, kPortal.address);
  EXPECT_EQ(link.take_drops().at(0).reason, "hijack");
}

TEST(Names, ItMaySayThatThereIsNoSuchName) {
  ShapedLink link(with({.effect = Names{.code = base::DnsCode::server_failure}}), 1);
  link.send(Direction::up, question("a.test"), at(0s));
  const auto answer = base::read_dns_answer(drain(link).at(0).packet.payload);
  EXPECT_EQ(answer->code, base::DnsCode::server_failure);
  EXPECT_FALSE(answer->address);
}

TEST(Names, OnlyWhatIsMeantIsAnsweredAndOnlyInItsWindow) {
  Impairment lie{.effect = Names{.address = 1}};
  lie.which.contains = "upgrades";
  lie.when.phase = "downloading";
  ShapedLink link(with(lie), 1);
  const auto goes_up = [&](const Packet& packet, base::Duration when) {
    link.send(Direction::up, packet, at(when));
    return link.release_due(at(when)).at(0).direction == Direction::up;
  };
  EXPECT_TRUE(goes_up(question("upgrades.example.net"), 1s));
  link.set_phase("downloading", at(2s));
  EXPECT_FALSE(goes_up(question("upgrades.example.net"), 3s));
  EXPECT_TRUE(goes_up(question("device.example.net"), 4s));
  Packet other = question("upgrades.example.net");
  other.destination.port = 5684;
  EXPECT_TRUE(goes_up(other, 5s));
  EXPECT_TRUE(goes_up(udp(100), 6s));
}

TEST(Divert, AConnectionGoesToThePortalAndTheDeviceDoesNotSeeIt) {
  Impairment portal{.effect = Divert{kPortal}};
  portal.which.port = 80;
  ShapedLink link(with(portal), 1);
  const Packet asked = tcp(0, base::kTcpSyn);
  link.send(Direction::up, asked, at(0s));
  EXPECT_EQ(link.release_due(at(0s)).at(0).packet.destination, kPortal);
  Packet answer = tcp(0, base::kTcpSyn | base::kTcpAck);
  answer.source = kPortal;
  answer.destination = asked.source;
  link.send(Direction::down, answer, at(1s));
  const auto seen = link.release_due(at(1s)).at(0).packet;
  EXPECT_EQ(seen.source, asked.destination);
  EXPECT_EQ(seen.destination, asked.source);
}

TEST(Divert, WhatBeganStaysAndWhatWasThereBeforeIsLeftAlone) {
  Impairment portal{.effect = Divert{kPortal}};
  portal.when = {.from = at(10s), .until = at(20s)};
  ShapedLink link(with(portal), 1);
  const auto leads_to_portal = [&](std::uint8_t flags, std::uint16_t port, base::Duration when) {
    Packet packet = tcp(0, flags);
    packet.source.port = port;
    link.send(Direction::up, packet, at(when));
    return link.release_due(at(when)).at(0).packet.destination == kPortal;
  };
  EXPECT_FALSE(leads_to_portal(base::kTcpSyn, 4000, 1s));
  EXPECT_FALSE(leads_to_portal(base::kTcpAck, 4000, 11s));
  EXPECT_TRUE(leads_to_portal(base::kTcpSyn, 4001, 12s));
  EXPECT_TRUE(leads_to_portal(base::kTcpAck, 4001, 30s));
  EXPECT_FALSE(leads_to_portal(base::kTcpSyn, 4001, 31s));  // anew, from the same port
  EXPECT_FALSE(leads_to_portal(base::kTcpAck, 4001, 32s));
}

class Router : public testing::Test {
 protected:
  void begin(Nat nat, Window when = {}) {
    link_.emplace(with({.name = "router", .when = when, .effect = nat}), 1);
  }
  base::Endpoint up(base::Duration when, Packet packet = tcp(10)) {
    link_->send(Direction::up, std::move(packet), at(when));
    return link_->release_due(at(when)).at(0).packet.source;
  }
  bool down(const base::Endpoint& to, base::Duration when, Packet packet = tcp(10)) {
    packet.source = tcp(0).destination;
    packet.destination = to;
    link_->send(Direction::down, std::move(packet), at(when));
    const auto all = link_->release_due(at(when));
    return !all.empty() && all[0].packet.destination == kDevice;
  }
  std::optional<ShapedLink> link_;
};

TEST_F(Router, ForgetsAndGivesAnotherPortBehindWhichTheDeviceIsFound) {
  begin({.timeout = 30s});
  EXPECT_EQ(up(0s), kDevice);
  EXPECT_TRUE(down(kDevice, 29s));
  EXPECT_TRUE(down(kDevice, 58s));  // of TCP what comes down refreshes as well
  EXPECT_FALSE(down(kDevice, 90s));
  EXPECT_EQ(link_->take_drops().back().reason, "router");
  const base::Endpoint fresh = up(91s);
  EXPECT_NE(fresh, kDevice);
  EXPECT_TRUE(down(fresh, 92s));
  EXPECT_EQ(link_->inside(base::Protocol::tcp, fresh), kDevice);
  EXPECT_EQ(link_->inside(base::Protocol::tcp, kDevice), kDevice);  // still under way to the server
}

TEST_F(Router, MayGiveTheSamePortAgain) {
  begin({.timeout = 30s, .rebinds = false});
  EXPECT_EQ(up(0s), kDevice);
  EXPECT_FALSE(down(kDevice, 40s));
  EXPECT_EQ(up(41s), kDevice);
  EXPECT_TRUE(down(kDevice, 42s));
}

TEST_F(Router, StandsThereOnlyInItsWindowAndBeginsWithoutBindings) {
  begin({.timeout = 30s}, {.from = at(10s), .until = at(100s)});
  EXPECT_TRUE(down(kDevice, 1s));
  EXPECT_FALSE(down(kDevice, 11s));
  EXPECT_EQ(up(12s), kDevice);
  EXPECT_TRUE(down(kDevice, 13s));
  EXPECT_FALSE(down(kDevice, 60s));
  EXPECT_TRUE(down(kDevice, 101s));
}

}  // namespace
}  // namespace rig::link
