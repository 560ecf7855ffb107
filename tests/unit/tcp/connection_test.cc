// One end of a connection against hand-made packets: a rule of an RFC at a time.
#include "tcp/connection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

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

// The server of a Linux machine, connected, with so many bytes written; its packets not taken.
Connection linux_sending(std::size_t bytes, base::Instant now, std::uint16_t window = 60'000) {
  Connection server = Connection::connect(kEnds, linux_server(), 1000, now);
  base::Packet answer = reply(kSynAck, 500, 1001);
  answer.mss = 536;
  answer.window = window;
  server.receive(answer, now);
  (void)server.take_packets();
  (void)server.write(base::Bytes(bytes, 7), now);
  return server;
}

// "0 536 1072*": offsets of the data in the packets, and what carries a FIN.
std::string sent(Connection& from) {
  std::string text;
  for (const base::Packet& each : from.take_packets()) {
    if (each.payload.empty() && (each.tcp_flags & base::kTcpFin) == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(each.sequence - 1001);
    if ((each.tcp_flags & base::kTcpFin) != 0) text += '*';
  }
  return text;
}

base::Packet acknowledging(std::uint32_t offset, std::uint16_t window = 60'000) {
  base::Packet packet = reply(base::kTcpAck, 501, 1001 + offset);
  packet.window = window;
  return packet;
}

TEST(TcpConnection, AnnouncesItsSegmentAndWindowAndObeysThePeers) {
  Connection device = Connection::connect(kEnds, small_device(6), 1000, base::kCycleStart);
  const auto syn = device.take_packets();
  ASSERT_EQ(syn.size(), 1U);
  EXPECT_EQ(syn[0].mss, 536U);
  EXPECT_EQ(syn[0].window, 3216U);
  EXPECT_EQ(syn[0].wire_bytes(), 44U);
  Connection server = Connection::accept(syn[0], linux_server(), 500, base::kCycleStart);
  const auto answer = server.take_packets();
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0].mss, 1460U);
  device.receive(answer[0], base::kCycleStart);
  for (const auto& each : device.take_packets()) server.receive(each, base::kCycleStart);
  (void)server.write(base::Bytes(10'000, 1), base::kCycleStart);
  const auto data = server.take_packets();
  ASSERT_EQ(data.size(), 6U) << "the window, in segments of the device's size";
  for (const auto& each : data) EXPECT_EQ(each.payload.size(), 536U);
}

TEST(TcpConnection, StartsSlowly) {
  const base::Instant now = base::kCycleStart;
  Connection server = linux_sending(60'000, now);
  EXPECT_EQ(server.take_packets().size(), 10U);  // RFC 6928
  server.receive(acknowledging(1072), now + 1s);
  EXPECT_EQ(server.take_packets().size(), 4U);  // two for those that left, two for the growth
  server.receive(acknowledging(1072 + 536), now + 1s);
  EXPECT_EQ(server.take_packets().size(), 2U);
}

TEST(TcpConnection, ALostTailIsRepeatedWithBackOffAndThenGivenUp) {
  Connection server = Connection::connect(kEnds, cellular_module(), 1000, base::kCycleStart);
  server.receive(reply(kSynAck, 500, 1001), base::kCycleStart);
  (void)server.write(base::Bytes(100, 7), base::kCycleStart);
  EXPECT_EQ(sent(server), "0");
  std::vector<std::int64_t> waits;
  for (base::Instant last = base::kCycleStart; const auto due = server.wake_time();) {
    waits.push_back((*due - last) / 1s);
    server.advance(*due);
    last = *due;
    EXPECT_EQ(sent(server), server.failed() ? "" : "0");
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60}));
  EXPECT_TRUE(server.failed());
}

// RFC 6298, 5.5 and Karn: nothing that was sent once is acknowledged, so the timeout stays long.
TEST(TcpConnection, BackOffStaysUntilARoundTripIsMeasured) {
  const base::Instant now = base::kCycleStart;
  Connection server = Connection::connect(kEnds, cellular_module(), 1000, now);
  server.receive(reply(kSynAck, 500, 1001), now);
  (void)server.write(base::Bytes(536, 7), now);
  server.advance(now + 1s);
  server.advance(now + 3s);
  server.receive(reply(base::kTcpAck, 501, 1001 + 536), now + 4s);
  (void)server.write(base::Bytes(536, 7), now + 4s);
  EXPECT_EQ(server.wake_time(), now + 8s);
  server.receive(reply(base::kTcpAck, 501, 1001 + 1072), now + 4500ms);
  (void)server.write(base::Bytes(536, 7), now + 4500ms);
  EXPECT_EQ(server.wake_time(), now + 6s);  // 0.5 s + 4 * 0.25 s
}

TEST(TcpConnection, ThreeDuplicatesRepeatOneSegmentAndHalveTheWindow) {
  const base::Instant now = base::kCycleStart;
  Connection server = linux_sending(40'000, now);
  (void)server.take_packets();
  server.receive(acknowledging(536), now + 1s);  // 11 of 12 are under way, the second is lost
  (void)server.take_packets();
  server.receive(acknowledging(536), now + 1s);
  server.receive(acknowledging(536), now + 1s);
  EXPECT_EQ(server.repeated(), 0U);
  (void)server.take_packets();  // limited transmit, RFC 3042
  server.receive(acknowledging(536), now + 1s);
  EXPECT_EQ(sent(server), "536");
  EXPECT_EQ(server.repeated(), 1U);
  const std::uint32_t all = 14 * 536;
  server.receive(acknowledging(all), now + 2s);
  const std::string more = sent(server);
  EXPECT_EQ(std::ranges::count(more, ' ') + 1, 2) << more;  // RFC 6582: min(ssthresh, flight + 1)
}

TEST(TcpConnection, APartialAcknowledgementRepeatsTheNextHole) {
  const base::Instant now = base::kCycleStart;
  Connection server = linux_sending(5360, now);
  (void)server.take_packets();
  for (int i = 0; i < 4; ++i) server.receive(acknowledging(0, 60'000), now + 1s);
  EXPECT_EQ(sent(server), "0");
  server.receive(acknowledging(1072), now + 2s);
  EXPECT_EQ(sent(server), "1072");
  server.receive(acknowledging(5360), now + 3s);
  EXPECT_EQ(sent(server), "");
  EXPECT_FALSE(server.wake_time());
}

TEST(TcpConnection, ATimeoutGoesBackToTheOldest) {
  const base::Instant now = base::kCycleStart;
  Connection server = linux_sending(2144, now, 2144);
  EXPECT_EQ(sent(server), "0 536 1072 1608");
  server.advance(*server.wake_time());
  EXPECT_EQ(sent(server), "0");
  // Only what was repeated arrived: nothing tells that the timeout was premature.
  server.receive(acknowledging(536, 2144), now + 2s);
  EXPECT_EQ(sent(server), "536 1072");
}

TEST(TcpConnection, ASpuriousTimeoutIsFoundOut) {
  const base::Instant now = base::kCycleStart;
  Connection server = linux_sending(20'000, now, 3216);
  EXPECT_EQ(sent(server), "0 536 1072 1608 2144 2680");
  server.advance(*server.wake_time());
  EXPECT_EQ(sent(server), "0");
  server.receive(acknowledging(536, 3216), now + 14s);
  EXPECT_EQ(sent(server), "3216") << "F-RTO: new data instead of the second segment";
  server.receive(acknowledging(1072, 3216), now + 28s);
  EXPECT_EQ(sent(server), "3752");
  EXPECT_EQ(server.repeated(), 1U);
}

TEST(TcpConnection, ARealTimeoutGoesBackAfterADuplicate) {
  const base::Instant now = base::kCycleStart;
  Connection server = linux_sending(20'000, now, 3216);
  (void)server.take_packets();
  server.advance(*server.wake_time());
  (void)server.take_packets();
  server.receive(acknowledging(536, 3216), now + 14s);
  EXPECT_EQ(sent(server), "3216");
  server.receive(acknowledging(536, 3216), now + 15s);
  EXPECT_EQ(sent(server).substr(0, 3), "536");
}

TEST(TcpConnection, AClosedWindowIsProbedUntilItOpens) {
  const base::Instant now = base::kCycleStart;
  Connection server = linux_sending(2000, now, 536);
  EXPECT_EQ(sent(server), "0");
  server.receive(acknowledging(536, 0), now + 1s);
  EXPECT_EQ(sent(server), "");
  base::Duration last{};
  base::Instant at = now + 1s;
  for (int i = 0; i < 40; ++i) {  // more than the limit of repetitions: each one is answered
    const auto due = server.wake_time();
    ASSERT_TRUE(due);
    EXPECT_GE(*due - at, last);
    last = *due - at;
    at = *due;
    server.advance(at);
    const auto probe = server.take_packets();
    ASSERT_EQ(probe.size(), 1U);
    EXPECT_EQ(probe[0].sequence, 1001U + 535U);
    EXPECT_TRUE(probe[0].payload.empty());
    server.receive(acknowledging(536, 0), at);
  }
  EXPECT_EQ(last, 120s);
  server.receive(acknowledging(536, 1072), at);
  EXPECT_EQ(sent(server), "536 1072");
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
