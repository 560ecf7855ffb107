// What a connection sends and when it sends it again: a rule of an RFC at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "unit/tcp/packets.h"

namespace rig::tcp {
namespace {

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
  EXPECT_EQ(std::ranges::count(more, ' ') + 1, 5) << more;  // RFC 6582: ssthresh, half of 11
}

TEST(TcpConnection, MoreDuplicatesThanSegmentsUnderWaySayNothing) {
  const base::Instant now = base::kCycleStart;
  Connection server = linux_sending(20'000, now);
  (void)server.take_packets();
  for (const int segments : {10, 30, 37}) {  // then the last one is under way, 168 bytes
    server.receive(acknowledging(static_cast<std::uint32_t>(segments) * 536), now + 1s);
    (void)server.take_packets();
  }
  for (int i = 0; i < 5; ++i) server.receive(acknowledging(37 * 536), now + 2s);
  EXPECT_EQ(sent(server), "");
  EXPECT_EQ(server.repeated(), 0U);
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

}  // namespace
}  // namespace rig::tcp
