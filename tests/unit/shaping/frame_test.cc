// Frames as they come off a wire. The bytes of the samples were captured; their checksums are
// therefore somebody else's.
#include "shaping/frame.h"

#include <gtest/gtest.h>

namespace rig::shaping {
namespace {

using base::Bytes;

Bytes bytes_from(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size();) {
    if (hex[i] == ' ') {
      ++i;
      continue;
    }
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    i += 2;
  }
  return bytes;
}

// RFC 1071 over the header of Wikipedia's article on the IPv4 header checksum (b861), UDP behind
// it.
Bytes udp_frame(std::string_view payload) {
  Bytes frame = bytes_from(
      "020000000002 020000000001 0800"
      "45000073 00004000 4011b861 c0a80001 c0a800c7"
      "c3500035 005f0000");
  base::append(frame, payload);
  return frame;
}

TEST(Frame, IsReadAndGivenBackByteForByte) {
  const Bytes frame = udp_frame(std::string(87, 'x'));
  ASSERT_EQ(kind_of(frame), FrameKind::packet);
  const base::Packet packet = packet_of(frame);
  EXPECT_EQ(packet.protocol, base::Protocol::udp);
  EXPECT_EQ(packet.source, (base::Endpoint{0xC0A80001, 50000}));
  EXPECT_EQ(packet.destination, (base::Endpoint{0xC0A800C7, 53}));
  EXPECT_EQ(packet.payload.size(), 87U);
  EXPECT_EQ(packet.wire_bytes(), 115U);  // what the IP header says, without Ethernet
  EXPECT_EQ(frame_of(packet), frame);
}

TEST(Frame, LeavesThePaddingOfAShortPacketOut) {
  Bytes frame = udp_frame(std::string(87, 'x'));
  frame.resize(frame.size() + 20);
  EXPECT_EQ(packet_of(frame).payload.size(), 87U);
  EXPECT_EQ(packet_of(frame).wire_bytes(), 115U);
}

// What a receiver does: the sum over everything, checksum included, is 0xFFFF.
std::uint32_t sum_over(base::ByteView bytes, std::uint32_t sum) {
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    sum += static_cast<std::uint32_t>(bytes[i]) << 8;
    if (i + 1 < bytes.size()) sum += bytes[i + 1];
  }
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum;
}

void expect_right_checksums(const Bytes& frame, std::uint8_t protocol) {
  const base::ByteView ip = base::ByteView(frame).subspan(14);
  EXPECT_EQ(sum_over(ip.first(20), 0), 0xFFFFU);
  const auto length = static_cast<std::uint32_t>(ip.size() - 20);
  EXPECT_EQ(sum_over(ip.subspan(20), sum_over(ip.subspan(12, 8), protocol + length)), 0xFFFFU);
}

TEST(Frame, AChangedPayloadGetsNewLengthsAndChecksums) {
  base::Packet packet = packet_of(udp_frame(std::string(87, 'x')));
  packet.payload = base::bytes_of("short");
  const Bytes frame = frame_of(packet);
  EXPECT_EQ(frame.size(), 14 + 28 + 5U);
  EXPECT_EQ(base::read_be16(frame, 14 + 2), 33U);
  EXPECT_EQ(base::read_be16(frame, 34 + 4), 13U);
  expect_right_checksums(frame, 17);
  EXPECT_EQ(packet_of(frame).payload, packet.payload);
}

TEST(Frame, TcpWithOptionsKeepsThemWhenItsFieldsChange) {
  // A SYN with an MSS option.
  const Bytes syn = bytes_from(
      "020000000002 020000000001 0800"
      "4500002c 00014000 40060000 0a000002 0a000001"
      "9c400050 00000064 00000000 60021000 00000000 02040218");
  const base::Packet packet = packet_of(syn);
  EXPECT_EQ(packet.protocol, base::Protocol::tcp);
  EXPECT_EQ(packet.tcp_flags, base::kTcpSyn);
  EXPECT_EQ(packet.sequence, 100U);
  EXPECT_EQ(packet.wire_bytes(), 44U);
  base::Packet other = packet;
  other.tcp_flags = base::kTcpRst | base::kTcpAck;
  other.acknowledgement = 0x01020304;
  other.source.port = 4000;
  const Bytes frame = frame_of(other);
  expect_right_checksums(frame, 6);
  const base::Packet again = packet_of(frame);
  EXPECT_EQ(again.tcp_flags, other.tcp_flags);
  EXPECT_EQ(again.acknowledgement, 0x01020304U);
  EXPECT_EQ(again.source.port, 4000U);
  EXPECT_EQ(frame[14 + 20 + 23], 0x18);  // the option's last byte
}

TEST(Frame, MssWindowAndEcnAreTheLinksToChange) {
  const Bytes syn = bytes_from(
      "020000000002 020000000001 0800"
      "45020030 00014000 40060000 0a000002 0a000001"
      "9c400050 00000064 00000000 70021000 00000000 01 01 020405b4 0000");
  base::Packet packet = packet_of(syn);
  EXPECT_EQ(packet.mss, 1460U);
  EXPECT_EQ(packet.window, 4096U);
  EXPECT_EQ(packet.ecn, base::kEct0);
  packet.mss = 536;
  packet.window = 1072;
  packet.ecn = base::kCongestionExperienced;
  const Bytes frame = frame_of(packet);
  expect_right_checksums(frame, 6);
  const base::Packet again = packet_of(frame);
  EXPECT_EQ(again.mss, 536U);
  EXPECT_EQ(again.window, 1072U);
  EXPECT_EQ(again.ecn, base::kCongestionExperienced);
}

TEST(Frame, ChecksumsThatWereLeftOutAreCompleted) {
  // With padding behind it, as on Ethernet.
  Bytes datagram = bytes_from(
      "020000000002 020000000001 0800"
      "4500001e 00014000 401126cc 0a000002 0a000001"
      "9c400050 000a1234 6869 0000000000000000");
  complete_checksum(datagram);
  expect_right_checksums(Bytes(datagram.begin(), datagram.end() - 8), 17);
  Bytes neither = bytes_from(
      "020000000002 020000000001 0800"
      "4500001c 00014000 400126de 0a000002 0a000001"
      "08000000 00010001");
  const Bytes before = neither;
  complete_checksum(neither);
  EXPECT_EQ(neither, before);
}

TEST(Frame, TheOfferToScaleWindowsIsTheEnginesToTakeAway) {
  // MSS, nothing, window scale of 7, nothing.
  const Bytes syn = bytes_from(
      "020000000002 020000000001 0800"
      "45000034 00014000 400626c1 0a000002 0a000001"
      "9c400050 00000064 00000000 80021000 00000000 020405b4 01 030307 01010101");
  base::Packet packet = packet_of(syn);
  keep_from_scaling(packet);
  const Bytes frame = frame_of(packet);
  expect_right_checksums(frame, 6);
  EXPECT_EQ(packet_of(frame).mss, 1460U);
  EXPECT_EQ(Bytes(frame.end() - 8, frame.end()), Bytes(8, 1));
  // Nothing else is touched, and what has no such option is as it was.
  for (const Bytes& each : {frame, udp_frame(std::string(87, 'x'))}) {
    base::Packet other = packet_of(each);
    keep_from_scaling(other);
    EXPECT_EQ(frame_of(other), each);
  }
}

TEST(Frame, WhatTheLinkSendsBackGoesToTheAdapterItCameFrom) {
  base::Packet packet = packet_of(udp_frame(std::string(87, 'x')));
  std::swap(packet.source, packet.destination);
  const Bytes frame = frame_of(packet);
  EXPECT_EQ(Bytes(frame.begin(), frame.begin() + 12), bytes_from("020000000001 020000000002"));
  expect_right_checksums(frame, 17);
}

TEST(Frame, TooBigIsToldByIcmpWithTheMtu) {
  const Bytes frame = udp_frame(std::string(87, 'x'));
  const Bytes reply = too_big(frame, 576);
  ASSERT_EQ(reply.size(), 14 + 20 + 8 + 28U);
  EXPECT_EQ(kind_of(reply), FrameKind::packet);
  EXPECT_EQ(Bytes(reply.begin(), reply.begin() + 12), bytes_from("020000000001 020000000002"));
  const base::ByteView ip = base::ByteView(reply).subspan(14);
  EXPECT_EQ(base::read_be32(ip, 16), 0xC0A80001U);  // back to the sender
  EXPECT_EQ(sum_over(ip.first(20), 0), 0xFFFFU);
  EXPECT_EQ(sum_over(ip.subspan(20), 0), 0xFFFFU);
  EXPECT_EQ(base::read_be16(ip, 20), 0x0304U);
  EXPECT_EQ(base::read_be16(ip, 26), 576U);
  EXPECT_EQ(Bytes(ip.begin() + 28, ip.end()), Bytes(frame.begin() + 14, frame.begin() + 42));
}

TEST(Frame, WhatIsNotUnderstoodPassesUnchanged) {
  Bytes fragment = udp_frame(std::string(87, 'x'));
  fragment[14 + 7] = 10;  // a later fragment: no ports
  const base::Packet packet = packet_of(fragment);
  EXPECT_EQ(packet.source, base::Endpoint{});
  EXPECT_EQ(packet.wire_bytes(), 115U);
  EXPECT_EQ(frame_of(packet), fragment);
  const Bytes ipv6 = bytes_from(
      "333300000001 020000000001 86dd 60000000 0004 3aff"
      "fe800000000000000000000000000001 ff020000000000000000000000000001 01020304");
  ASSERT_EQ(kind_of(ipv6), FrameKind::packet);
  EXPECT_EQ(packet_of(ipv6).wire_bytes(), 44U);
  EXPECT_EQ(frame_of(packet_of(ipv6)), ipv6);
}

TEST(Frame, ArpIsLocalAndNonsenseIsDamaged) {
  EXPECT_EQ(kind_of(bytes_from("ffffffffffff 020000000001 0806 0001")), FrameKind::local);
  EXPECT_EQ(kind_of(Bytes(13)), FrameKind::damaged);
  Bytes longer = udp_frame("x");  // says 115 bytes
  EXPECT_EQ(kind_of(longer), FrameKind::damaged);
  Bytes header = udp_frame(std::string(87, 'x'));
  header[14] = 0x41;  // a header of 4 bytes
  EXPECT_EQ(kind_of(header), FrameKind::damaged);
  // Every prefix of a good frame is told apart without reading behind its end.
  const Bytes frame = udp_frame(std::string(87, 'x'));
  for (std::size_t length = 0; length < frame.size(); ++length) {
    EXPECT_EQ(kind_of(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length))),
              FrameKind::damaged);
  }
}

TEST(Frame, TcpThatClaimsMoreHeaderThanThereIsHasNoPorts) {
  Bytes frame = bytes_from(
      "020000000002 020000000001 0800"
      "45000028 00014000 40060000 0a000002 0a000001"
      "9c400050 00000064 00000000 f0021000 00000000");
  const base::Packet packet = packet_of(frame);
  EXPECT_EQ(packet.destination.port, 0U);
  EXPECT_EQ(frame_of(packet), frame);
}

}  // namespace
}  // namespace rig::shaping
