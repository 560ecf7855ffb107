// What the link says of itself: meter, packet log, pcap-ng.
#include "link/meter.h"

#include <gtest/gtest.h>

#include "link/pcapng.h"
#include "unit/link/link_tests.h"

namespace rig::link {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using base::Duration;
using test::at;
using test::udp;

TEST(ErrorSizes, QuantilesAreRightToThreePercent) {
  ErrorSizes sizes;
  for (int i = 1; i <= 1000; ++i) sizes.add(std::chrono::microseconds(i));
  EXPECT_NEAR(static_cast<double>(sizes.quantile(0.5).count()), 500e3, 500e3 * 0.032);
  EXPECT_NEAR(static_cast<double>(sizes.quantile(0.99).count()), 990e3, 990e3 * 0.032);
  EXPECT_EQ(sizes.most(), 1ms);
  EXPECT_EQ(sizes.quantile(1), 1ms);
  EXPECT_EQ(ErrorSizes{}.quantile(0.5), 0ns);
}

TEST(Meter, ComparesWhatWasWithWhatShouldHaveBeen) {
  Meter meter;
  for (int i = 0; i <= 10; ++i) {
    meter.offered(Direction::down, 100);
    // Each 10 ms later than the last: 1 % too slow.
    const Delivery delivery{.direction = Direction::down, .at = at(1s * i), .packet = udp(100)};
    meter.delivered(delivery, delivery.at + 10ms * i);
  }
  meter.offered(Direction::down, 100);
  meter.dropped({.direction = Direction::down, .at = at(0s), .wire_bytes = 100, .reason = "loss"});
  const Meter::Way& down = meter.way(Direction::down);
  EXPECT_NEAR(down.rate_error(), -0.0099, 0.0001);
  EXPECT_NEAR(down.loss(), 1.0 / 12, 1e-12);
  EXPECT_EQ(down.late.most(), 100ms);
  EXPECT_EQ(down.delivered_bytes, 1100U);
  const std::string text = to_text(meter);
  EXPECT_NE(text.find("up 0 packets, 0 bytes; down 11 packets, 1100 bytes, 1 lost (8.3 %: loss 1)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("rate off by -0.990 %"), std::string::npos) << text;
}

// Chance is asked of what reaches it: not of what an outage or a full queue took before.
TEST(Meter, TellsTheLossThatChanceAppliesBesideTheOneItIsAskedFor) {
  Profile profile = test::down_only({.loss = 0.1, .loss_model = CorrelatedLoss{.loss = 0.2}});
  profile.outages = {{.from = at(1000s), .until = at(1250s)}};
  ShapedLink link(profile, 1);
  for (int i = 0; i < 2000; ++i) {
    link.send(Direction::down, udp(100), at(1s * i));
    (void)link.release_due(at(1s * i));
  }
  const Meter::Way& down = link.meter().way(Direction::down);
  EXPECT_EQ(down.dropped.at("outage"), 250U);
  EXPECT_NEAR(down.asked_losses, 1750 * (1 - 0.9 * 0.8), 1e-6);
  EXPECT_NEAR(down.asked_loss(), 0.28 * 1750 / 2000, 1e-9);
  EXPECT_NEAR(down.applied_loss(), down.asked_loss(), 0.03);
  EXPECT_NEAR(down.loss(), down.applied_loss() + 0.125, 1e-9);
  EXPECT_NE(to_fields(down).find(" asked_loss=0.2450 "), std::string::npos) << to_fields(down);
  EXPECT_NE(to_fields(down).find(" dropped=loss:"), std::string::npos) << to_fields(down);
}

TEST(Meter, WhatIsMarkedInsteadOfLostIsNoLossAskedFor) {
  ShapedLink link(test::down_only({.loss = 0.5, .marks = true}), 1);
  base::Packet capable = udp(100);
  capable.ecn = base::kEct0;
  for (int i = 0; i < 100; ++i) link.send(Direction::down, capable, at(1s * i));
  EXPECT_EQ(link.meter().way(Direction::down).asked_losses, 0);
}

TEST(Meter, OfALinkThatIsAskedLateSaysHowLate) {
  ShapedLink link(test::down_only({.rate_bps = 320}), 1);
  link.send(Direction::down, udp(40), at(0s));
  (void)link.release_due(at(1s + 3ms));
  EXPECT_EQ(link.meter().way(Direction::down).late.most(), 3ms);
}

// Walks the blocks of a file: "type length" each, and checks that the lengths frame them.
std::string blocks(const base::Bytes& file) {
  std::string text;
  for (std::size_t from = 0; from < file.size();) {
    const std::uint32_t length = base::read_le32(file, from + 4);
    text += std::to_string(base::read_le32(file, from)) + " ";
    EXPECT_EQ(length % 4, 0U);
    EXPECT_EQ(base::read_le32(file, from + length - 4), length);
    from += length;
  }
  return text;
}

std::uint32_t ones_sum(base::ByteView bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? static_cast<std::uint32_t>(bytes[i]) << 8 : bytes[i];
  }
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum;
}

TEST(IpPacket, HasTheLengthTheAddressesAndChecksumsThatAddUp) {
  base::Packet packet = test::tcp(3, base::kTcpSyn);
  packet.payload = {1, 2, 3};
  packet.mss = 1460;
  packet.window = 4096;
  packet.sequence = 0x01020304;
  const base::Bytes bytes = ip_packet(packet, 7);
  ASSERT_EQ(bytes.size(), 20U + 24 + 3);
  EXPECT_EQ(base::read_be16(bytes, 2), bytes.size());
  EXPECT_EQ(base::read_be32(bytes, 12), 0x0A000002U);
  EXPECT_EQ(base::read_be32(bytes, 24), 0x01020304U);
  EXPECT_EQ(base::read_be16(bytes, 34), 4096);
  EXPECT_EQ(base::read_be32(bytes, 40), 0x020405B4U);
  const base::ByteView all(bytes);
  EXPECT_EQ(ones_sum(all.first(20)), 0xFFFFU);
  // Addresses and segment, which is odd and padded, then the rest of the pseudo header.
  base::Bytes summed(bytes.begin() + 12, bytes.end());
  summed.push_back(0);
  base::append_be16(summed, 6);
  base::append_be16(summed, static_cast<std::uint16_t>(bytes.size() - 20));
  EXPECT_EQ(ones_sum(summed), 0xFFFFU);
}

TEST(Pcapng, HasEveryOfferedPacketWithItsPhaseAndFate) {
  Profile profile = test::down_only({.rate_bps = 320});
  profile.outages = {{.from = at(5s), .until = at(6s)}};
  ShapedLink link(profile, 1);
  link.keep_log();
  link.set_phase("downloading", at(0s));
  link.send(Direction::down, udp(40, 1), at(0s));
  link.send(Direction::up, udp(40, 2), at(5s));
  (void)test::drain(link);
  ASSERT_TRUE(link.log().has_value());
  const auto& packets = link.log()->packets();
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(fate_of(packets[0]), "phase=downloading delivered after 1.000000 s");
  EXPECT_EQ(fate_of(packets[1]), "phase=downloading dropped: outage");
  const base::Bytes file = pcapng_of(*link.log(), "verdict=stuck");
  EXPECT_EQ(blocks(file), "168627466 1 6 6 ");
  const std::string text(base::as_text(file));
  EXPECT_NE(text.find("verdict=stuck"), std::string::npos);
  EXPECT_NE(text.find("phase=downloading dropped: outage"), std::string::npos);
  // The last block is the second packet: its time in two words, 5 s in nanoseconds.
  const std::size_t last = file.size() - base::read_le32(file, file.size() - 4);
  EXPECT_EQ(base::read_le32(file, last + 12), 5'000'000'000U >> 32);
  EXPECT_EQ(base::read_le32(file, last + 16), 5'000'000'000U & 0xFFFFFFFF);
  EXPECT_EQ(base::read_le32(file, last + 20), 40U);
}

}  // namespace
}  // namespace rig::link
