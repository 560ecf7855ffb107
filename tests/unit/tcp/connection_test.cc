// One end of a connection against hand-made packets: a rule of an RFC at a time.
#include "tcp/connection.h"

#include <gtest/gtest.h>

namespace rig::tcp {
namespace {

using namespace std::chrono_literals;

constexpr Ends kEnds{.local = {0x0A000002, 50000}, .remote = {0x0A0A0A0A, 80}};

constexpr std::uint16_t kWindow = 1700;  // three whole segments and a rest

base::Packet reply(std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgement,
                   std::string_view data = "") {
  base::Packet packet;
  packet.protocol = base::Protocol::tcp;
  packet.source = kEnds.remote;
  packet.destination = kEnds.local;
  packet.tcp_flags = flags;
  packet.sequence = sequence;
  packet.acknowledgement = acknowledgement;
  packet.window = kWindow;
  packet.payload = base::bytes_of(data);
  return packet;
}

constexpr std::uint8_t kSynAck = base::kTcpSyn | base::kTcpAck;

// A connected stream: our bytes start at 1001, the peer's at 501.
Connection connected(base::Instant now) {
  Connection stream = Connection::connect(kEnds, cellular_module(), 1000, now);
  stream.receive(reply(kSynAck, 500, 1001), now);
  (void)stream.take_packets();
  return stream;
}

TEST(TcpConnection, ShakesHands) {
  Connection stream = Connection::connect(kEnds, cellular_module(), 1000, base::kCycleStart);
  auto packets = stream.take_packets();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].tcp_flags, base::kTcpSyn);
  EXPECT_EQ(packets[0].sequence, 1000U);
  EXPECT_FALSE(stream.connected());
  stream.receive(reply(kSynAck, 500, 1001), base::kCycleStart + 1s);
  packets = stream.take_packets();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].tcp_flags, base::kTcpAck);
  EXPECT_EQ(packets[0].acknowledgement, 501U);
  EXPECT_TRUE(stream.connected());
  EXPECT_FALSE(stream.wake_time());
}

TEST(TcpConnection, RepeatsALostSynWithBackOffAndGivesUp) {
  Connection stream = Connection::connect(kEnds, cellular_module(), 1000, base::kCycleStart);
  std::vector<std::int64_t> seconds;
  while (const auto due = stream.wake_time()) {
    seconds.push_back((*due - base::kCycleStart) / 1s);
    stream.advance(*due);
  }
  EXPECT_EQ(seconds, (std::vector<std::int64_t>{1, 3, 7, 15, 31, 63, 123}));
  EXPECT_TRUE(stream.failed());
  const auto packets = stream.take_packets();
  EXPECT_EQ(packets.size(), 8U);  // the SYN, six more, and the RST
  EXPECT_EQ(packets.back().tcp_flags, base::kTcpRst);
}

TEST(TcpConnection, SendsWholeSegmentsUpToTheWindow) {
  const base::Instant now = base::kCycleStart;
  Connection stream = connected(now);
  EXPECT_EQ(stream.write(base::Bytes(4000, 7), now), 4000U);
  auto packets = stream.take_packets();
  ASSERT_EQ(packets.size(), 3U);
  for (const base::Packet& each : packets) EXPECT_EQ(each.payload.size(), 536U);
  EXPECT_EQ(packets[2].sequence, 1001U + 1072U);
  stream.receive(reply(base::kTcpAck, 501, 1001 + 536), now + 1s);
  packets = stream.take_packets();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].sequence, 1001U + 1608U);
  EXPECT_EQ(packets[0].payload.size(), 536U);
}

TEST(TcpConnection, TimeoutFollowsTheRoundTripTime) {
  const base::Instant start = base::kCycleStart;
  Connection stream = Connection::connect(kEnds, cellular_module(), 1000, start);
  // RFC 6298, 2.2: SRTT 2 s, RTTVAR 1 s, timeout 2 + 4 * 1 s.
  stream.receive(reply(kSynAck, 500, 1001), start + 2s);
  (void)stream.write(base::Bytes(10, 1), start + 2s);
  EXPECT_EQ(stream.wake_time(), start + 8s);
  // 2.3 with a second sample of 2 s: RTTVAR 0.75 s, timeout 5 s.
  stream.receive(reply(base::kTcpAck, 501, 1011), start + 4s);
  EXPECT_FALSE(stream.wake_time());
  (void)stream.write(base::Bytes(10, 1), start + 4s);
  EXPECT_EQ(stream.wake_time(), start + 9s);
  // Backed off once; Karn: the acknowledgement of a repeated segment is no sample.
  stream.advance(start + 9s);
  EXPECT_EQ(stream.wake_time(), start + 19s);
  stream.receive(reply(base::kTcpAck, 501, 1021), start + 10s);
  (void)stream.write(base::Bytes(10, 1), start + 10s);
  EXPECT_EQ(stream.wake_time(), start + 20s);
}

TEST(TcpConnection, AfterALostSynTheDataHasThreeSeconds) {
  Connection stream = Connection::connect(kEnds, cellular_module(), 1000, base::kCycleStart);
  stream.advance(base::kCycleStart + 1s);
  stream.receive(reply(kSynAck, 500, 1001), base::kCycleStart + 2s);
  (void)stream.write(base::Bytes(10, 1), base::kCycleStart + 2s);
  EXPECT_EQ(stream.wake_time(), base::kCycleStart + 5s);
}

TEST(TcpConnection, AcceptsOnlyWhatComesNext) {
  const base::Instant now = base::kCycleStart;
  Connection stream = connected(now);
  stream.receive(reply(base::kTcpAck, 504, 1001, "def"), now);  // a gap
  EXPECT_EQ(stream.unread(), 0U);
  EXPECT_EQ(stream.take_packets().back().acknowledgement, 501U);
  stream.receive(reply(base::kTcpAck, 501, 1001, "abc"), now);
  stream.receive(reply(base::kTcpAck, 501, 1001, "abc"), now);    // again
  stream.receive(reply(base::kTcpAck, 502, 1001, "bcdef"), now);  // overlapping
  EXPECT_EQ(base::as_text(stream.read(100)), "abcdef");
  EXPECT_EQ(stream.take_packets().back().acknowledgement, 507U);
}

TEST(TcpConnection, DropsWhatItHasNoRoomFor) {
  const base::Instant now = base::kCycleStart;
  Connection stream = connected(now);
  std::uint32_t sequence = 501;
  const std::string block(1024, 'x');
  for (int i = 0; i < 9; ++i) {
    stream.receive(reply(base::kTcpAck, sequence, 1001, block), now);
    sequence += 1024;
  }
  EXPECT_EQ(stream.unread(), 8192U);
  EXPECT_EQ(stream.take_packets().back().acknowledgement, 501U + 8192U);
  EXPECT_EQ(stream.read(100).size(), 100U);
}

TEST(TcpConnection, ClosesBothWays) {
  const base::Instant now = base::kCycleStart;
  Connection stream = connected(now);
  (void)stream.write(base::Bytes(3, 1), now);
  (void)stream.take_packets();
  stream.close(now);
  auto packets = stream.take_packets();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].tcp_flags, base::kTcpFin | base::kTcpAck);
  EXPECT_EQ(packets[0].sequence, 1004U);
  stream.receive(reply(base::kTcpAck, 501, 1005), now);
  EXPECT_FALSE(stream.done());
  stream.receive(reply(base::kTcpFin | base::kTcpAck, 501, 1005, "bye"), now);
  EXPECT_TRUE(stream.remote_closed());
  EXPECT_TRUE(stream.done());
  EXPECT_FALSE(stream.failed());
  EXPECT_EQ(stream.take_packets().back().acknowledgement, 505U);
  EXPECT_EQ(base::as_text(stream.read(10)), "bye");
  EXPECT_EQ(stream.write(base::Bytes(1, 1), now), 0U);
}

TEST(TcpConnection, AResetEndsIt) {
  Connection stream = connected(base::kCycleStart);
  stream.receive(reply(base::kTcpRst, 501, 1001), base::kCycleStart);
  EXPECT_TRUE(stream.failed());
  EXPECT_TRUE(stream.done());
  Connection refused = Connection::connect(kEnds, cellular_module(), 1000, base::kCycleStart);
  refused.receive(reply(base::kTcpRst | base::kTcpAck, 0, 77), base::kCycleStart);
  EXPECT_FALSE(refused.failed()) << "a reset for somebody else";
  refused.receive(reply(base::kTcpRst | base::kTcpAck, 0, 1001), base::kCycleStart);
  EXPECT_TRUE(refused.failed());
}

TEST(TcpConnection, SurvivesTheWrapOfItsSequenceNumbers) {
  const base::Instant now = base::kCycleStart;
  Connection stream = Connection::connect(kEnds, cellular_module(), 0xFFFFFFF0U, now);
  stream.receive(reply(kSynAck, 0xFFFFFFFEU, 0xFFFFFFF1U), now);
  (void)stream.write(base::Bytes(100, 1), now);
  stream.receive(reply(base::kTcpAck, 0xFFFFFFFFU, 0xFFFFFFF1U + 100, "abc"), now);
  EXPECT_EQ(stream.unacknowledged(), 0U);
  EXPECT_EQ(base::as_text(stream.read(9)), "abc");
}

}  // namespace
}  // namespace rig::tcp
