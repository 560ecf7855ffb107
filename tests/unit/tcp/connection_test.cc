// One end of a connection against hand-made packets: its beginning, its end, what it receives.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "unit/tcp/packets.h"

namespace rig::tcp {
namespace {

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

TEST(TcpConnection, ARepeatedSynIsAnsweredAtOnceAndTheDataStartsWithOneSegment) {
  const base::Instant now = base::kCycleStart;
  base::Packet syn = reply(base::kTcpSyn, 500, 0);
  syn.mss = 536;
  Connection server = Connection::accept(syn, linux_server(), 1000, now);
  EXPECT_EQ(server.take_packets().size(), 1U);
  for (int i = 1; i <= 2; ++i) {
    server.receive(syn, now + i * 100ms);
    const auto again = server.take_packets();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].tcp_flags, kSynAck);
    EXPECT_EQ(again[0].sequence, 1000U);
  }
  server.receive(reply(base::kTcpAck, 501, 1001), now + 1s);
  (void)server.write(base::Bytes(5000, 1), now + 1s);
  EXPECT_EQ(server.take_packets().size(), 1U);
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

TEST(TcpConnection, AFullReceiverClosesItsWindowAndTellsWhenItHasRoom) {
  const base::Instant now = base::kCycleStart;
  Connection device = Connection::connect(kEnds, small_device(2), 1000, now);
  device.receive(reply(kSynAck, 500, 1001), now);
  (void)device.take_packets();
  const std::string segment(536, 'x');
  device.receive(reply(base::kTcpAck, 501, 1001, segment), now);
  device.receive(reply(base::kTcpAck, 501 + 536, 1001, segment), now);
  auto packets = device.take_packets();
  ASSERT_EQ(packets.size(), 1U) << "one acknowledgement for two segments";
  EXPECT_EQ(packets[0].window, 0U);
  device.receive(reply(base::kTcpAck, 500 + 1072, 1001), now + 1s);  // a probe
  packets = device.take_packets();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].window, 0U);
  EXPECT_EQ(device.read(100).size(), 100U);
  EXPECT_TRUE(device.take_packets().empty()) << "not worth a segment yet";
  EXPECT_EQ(device.read(600).size(), 600U);
  packets = device.take_packets();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].window, 700U);
}

TEST(TcpConnection, AnAcknowledgementTellsTheRoomThereIsWhenItLeaves) {
  const base::Instant now = base::kCycleStart;
  Connection device = Connection::connect(kEnds, small_device(2), 1000, now);
  device.receive(reply(kSynAck, 500, 1001), now);
  (void)device.take_packets();
  const std::string segment(536, 'x');
  device.receive(reply(base::kTcpAck, 501, 1001, segment), now);
  device.receive(reply(base::kTcpAck, 501 + 536, 1001, segment), now);
  (void)device.read(1072);
  const auto packets = device.take_packets();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].window, 1072U);
}

TEST(TcpConnection, AcknowledgesEverySecondSegmentOrLater) {
  const base::Instant now = base::kCycleStart;
  Connection device = Connection::connect(kEnds, small_device(6), 1000, now);
  device.receive(reply(kSynAck, 500, 1001), now);
  (void)device.take_packets();
  device.receive(reply(base::kTcpAck, 501, 1001, "ab"), now);
  EXPECT_TRUE(device.take_packets().empty());
  EXPECT_EQ(device.wake_time(), now + 250ms);
  device.receive(reply(base::kTcpAck, 503, 1001, "cd"), now + 100ms);
  EXPECT_EQ(device.take_packets().size(), 1U);
  EXPECT_FALSE(device.wake_time());
  device.receive(reply(base::kTcpAck, 505, 1001, "ef"), now + 1s);
  device.advance(now + 1250ms);
  EXPECT_EQ(device.take_packets().size(), 1U);
  device.receive(reply(base::kTcpAck, 509, 1001, "ij"), now + 2s);
  EXPECT_EQ(device.take_packets().size(), 1U) << "a gap is told at once";
}

TEST(TcpConnection, KeepsWhatArrivesAheadOfAGap) {
  const base::Instant now = base::kCycleStart;
  Connection stream = connected(now);
  stream.receive(reply(base::kTcpAck, 507, 1001, "ghi"), now);
  stream.receive(reply(base::kTcpAck | base::kTcpFin, 510, 1001, "j"), now);
  stream.receive(reply(base::kTcpAck, 504, 1001, "defg"), now);
  EXPECT_EQ(stream.unread(), 0U);
  stream.receive(reply(base::kTcpAck, 501, 1001, "abc"), now);
  EXPECT_EQ(base::as_text(stream.read(100)), "abcdefghij");
  EXPECT_TRUE(stream.remote_closed());
  EXPECT_EQ(stream.take_packets().back().acknowledgement, 512U);
}

}  // namespace
}  // namespace rig::tcp
