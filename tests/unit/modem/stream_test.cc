// The reliable stream: alone, and between two ends over a lossy link.
#include "modem/stream.h"

#include <algorithm>

#include "link/shaped_link.h"
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

constexpr TcpStream::Ends kEnds{.local = {0x0A000002, 50000}, .remote = {0x0A0A0A0A, 80}};

base::Packet reply(std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgement,
                   std::string_view data = "") {
  base::Packet packet;
  packet.protocol = base::Protocol::tcp;
  packet.source = kEnds.remote;
  packet.destination = kEnds.local;
  packet.tcp_flags = flags;
  packet.sequence = sequence;
  packet.acknowledgement = acknowledgement;
  packet.payload = base::bytes_of(data);
  return packet;
}

constexpr std::uint8_t kSynAck = base::kTcpSyn | base::kTcpAck;

// A connected stream: our bytes start at 1001, the peer's at 501.
TcpStream connected(base::Instant now) {
  TcpStream stream = TcpStream::connect(kEnds, 1000, now);
  stream.receive(reply(kSynAck, 500, 1001), now);
  (void)stream.take_packets();
  return stream;
}

TEST(TcpStream, ShakesHands) {
  TcpStream stream = TcpStream::connect(kEnds, 1000, base::kCycleStart);
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

TEST(TcpStream, RepeatsALostSynWithBackOffAndGivesUp) {
  TcpStream stream = TcpStream::connect(kEnds, 1000, base::kCycleStart);
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

TEST(TcpStream, SendsSegmentsUpToTheWindow) {
  const base::Instant now = base::kCycleStart;
  TcpStream stream = connected(now);
  EXPECT_EQ(stream.write(base::Bytes(4000, 7), now), 4000U);
  auto packets = stream.take_packets();
  ASSERT_EQ(packets.size(), 3U);
  EXPECT_EQ(packets[0].payload.size(), 536U);
  EXPECT_EQ(packets[1].payload.size(), 536U);
  EXPECT_EQ(packets[2].payload.size(), 388U);
  EXPECT_EQ(packets[2].sequence, 1001U + 1072U);
  stream.receive(reply(base::kTcpAck, 501, 1001 + 536), now + 1s);
  packets = stream.take_packets();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].sequence, 1001U + 1460U);
  EXPECT_EQ(packets[0].payload.size(), 536U);
}

TEST(TcpStream, TimeoutFollowsTheRoundTripTime) {
  const base::Instant start = base::kCycleStart;
  TcpStream stream = TcpStream::connect(kEnds, 1000, start);
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

TEST(TcpStream, AfterALostSynTheDataHasThreeSeconds) {
  TcpStream stream = TcpStream::connect(kEnds, 1000, base::kCycleStart);
  stream.advance(base::kCycleStart + 1s);
  stream.receive(reply(kSynAck, 500, 1001), base::kCycleStart + 2s);
  (void)stream.write(base::Bytes(10, 1), base::kCycleStart + 2s);
  EXPECT_EQ(stream.wake_time(), base::kCycleStart + 5s);
}

TEST(TcpStream, AcceptsOnlyWhatComesNext) {
  const base::Instant now = base::kCycleStart;
  TcpStream stream = connected(now);
  stream.receive(reply(base::kTcpAck, 504, 1001, "def"), now);  // a gap
  EXPECT_EQ(stream.unread(), 0U);
  EXPECT_EQ(stream.take_packets().back().acknowledgement, 501U);
  stream.receive(reply(base::kTcpAck, 501, 1001, "abc"), now);
  stream.receive(reply(base::kTcpAck, 501, 1001, "abc"), now);    // again
  stream.receive(reply(base::kTcpAck, 502, 1001, "bcdef"), now);  // overlapping
  EXPECT_EQ(base::as_text(stream.read(100)), "abcdef");
  EXPECT_EQ(stream.take_packets().back().acknowledgement, 507U);
}

TEST(TcpStream, DropsWhatItHasNoRoomFor) {
  const base::Instant now = base::kCycleStart;
  TcpStream stream = connected(now);
  std::uint32_t sequence = 501;
  const std::string block(1024, 'x');
  for (int i = 0; i < 9; ++i) {
    stream.receive(reply(base::kTcpAck, sequence, 1001, block), now);
    sequence += 1024;
  }
  EXPECT_EQ(stream.unread(), TcpStream::kReceiveLimit);
  EXPECT_EQ(stream.take_packets().back().acknowledgement, 501U + TcpStream::kReceiveLimit);
  EXPECT_EQ(stream.read(100).size(), 100U);
}

TEST(TcpStream, ClosesBothWays) {
  const base::Instant now = base::kCycleStart;
  TcpStream stream = connected(now);
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

TEST(TcpStream, AResetEndsIt) {
  TcpStream stream = connected(base::kCycleStart);
  stream.receive(reply(base::kTcpRst, 501, 1001), base::kCycleStart);
  EXPECT_TRUE(stream.failed());
  EXPECT_TRUE(stream.done());
  TcpStream refused = TcpStream::connect(kEnds, 1000, base::kCycleStart);
  refused.receive(reply(base::kTcpRst | base::kTcpAck, 0, 77), base::kCycleStart);
  EXPECT_FALSE(refused.failed()) << "a reset for somebody else";
  refused.receive(reply(base::kTcpRst | base::kTcpAck, 0, 1001), base::kCycleStart);
  EXPECT_TRUE(refused.failed());
}

TEST(TcpStream, SurvivesTheWrapOfItsSequenceNumbers) {
  const base::Instant now = base::kCycleStart;
  TcpStream stream = TcpStream::connect(kEnds, 0xFFFFFFF0U, now);
  stream.receive(reply(kSynAck, 0xFFFFFFFEU, 0xFFFFFFF1U), now);
  (void)stream.write(base::Bytes(100, 1), now);
  stream.receive(reply(base::kTcpAck, 0xFFFFFFFFU, 0xFFFFFFF1U + 100, "abc"), now);
  EXPECT_EQ(stream.unacknowledged(), 0U);
  EXPECT_EQ(base::as_text(stream.read(9)), "abc");
}

// Two ends over a link: everything that one writes is read by the other.
class Pair {
 public:
  Pair(link::Profile profile, std::uint64_t seed)
      : link_(std::move(profile), seed), client_(TcpStream::connect(kEnds, 1000, now_)) {}

  // Sends `data` up and its reverse down, closes both, and returns what arrived: up, down.
  std::pair<base::Bytes, base::Bytes> exchange(const base::Bytes& data, base::Duration limit) {
    const base::Bytes reversed(data.rbegin(), data.rend());
    while (now_ - base::kCycleStart < limit && !over()) {
      write_more(client_, data, client_wrote_);
      if (server_) write_more(*server_, reversed, server_wrote_);
      ferry();
      step();
    }
    return {at_server_, at_client_};
  }
  [[nodiscard]] bool over() const { return client_.done() && server_ && server_->done(); }
  [[nodiscard]] base::Duration took() const { return now_ - base::kCycleStart; }
  std::uint64_t packets_sent = 0;

 private:
  void write_more(TcpStream& stream, const base::Bytes& data, std::size_t& wrote) {
    if (!stream.connected()) return;
    wrote += stream.write(base::ByteView(data).subspan(wrote), now_);
    if (wrote == data.size()) stream.close(now_);
  }

  void ferry() {
    send(client_, base::Direction::up);
    if (server_) send(*server_, base::Direction::down);
  }

  void send(TcpStream& stream, base::Direction direction) {
    for (base::Packet& packet : stream.take_packets()) {
      ++packets_sent;
      link_.send(direction, std::move(packet), now_);
    }
  }

  void step() {
    auto next = link_.wake_time();
    for (const auto due : {client_.wake_time(), server_ ? server_->wake_time() : std::nullopt}) {
      if (due && (!next || *due < *next)) next = due;
    }
    if (!next) {
      now_ += 1h;  // nothing will ever happen: run into the limit
      return;
    }
    now_ = std::max(now_, *next);
    client_.advance(now_);
    if (server_) server_->advance(now_);
    for (const link::Delivery& each : link_.release_due(now_)) deliver(each);
  }

  void deliver(const link::Delivery& delivery) {
    if (delivery.direction == base::Direction::down) {
      client_.receive(delivery.packet, now_);
      base::append(at_client_, client_.read(TcpStream::kReceiveLimit));
    } else if (!server_) {
      if (delivery.packet.tcp_flags == base::kTcpSyn) {
        server_ = TcpStream::accept(delivery.packet, 500, now_);
      }
    } else {
      server_->receive(delivery.packet, now_);
      base::append(at_server_, server_->read(TcpStream::kReceiveLimit));
    }
  }

  base::Instant now_{};
  link::ShapedLink link_;
  TcpStream client_;
  std::optional<TcpStream> server_;
  std::size_t client_wrote_{0};
  std::size_t server_wrote_{0};
  base::Bytes at_server_;
  base::Bytes at_client_;
};

base::Bytes pattern(std::size_t size) {
  base::Bytes data(size);
  base::Random random(11);
  for (auto& each : data) each = static_cast<std::uint8_t>(random.next());
  return data;
}

link::Profile lossy(double loss) {
  const link::Path path{.rate_bps = 50'000, .delay = 300ms, .jitter = 50ms, .loss = loss};
  return {.name = "lossy", .up = path, .down = path, .outages = {}};
}

TEST(TcpOverALink, IsCompleteWithoutLoss) {
  Pair pair(lossy(0), 1);
  const base::Bytes data = pattern(20'000);
  const auto [up, down] = pair.exchange(data, 10min);
  EXPECT_TRUE(pair.over());
  EXPECT_EQ(up, data);
  EXPECT_EQ(down, base::Bytes(data.rbegin(), data.rend()));
  // One window of 1460 bytes per round trip of 0.6 s plus serialisation: 14 round trips at least.
  EXPECT_GE(pair.took(), 14 * 600ms);
  EXPECT_LE(pair.took(), 40s);
}

class TcpOverALossyLink : public testing::TestWithParam<std::uint64_t> {};

TEST_P(TcpOverALossyLink, DeliversEveryByteOnceAndInOrder) {
  Pair pair(lossy(0.15), GetParam());
  const base::Bytes data = pattern(8'000);
  const auto [up, down] = pair.exchange(data, 12h);
  EXPECT_TRUE(pair.over()) << "after " << base::to_seconds(pair.took()) << " s";
  EXPECT_EQ(up, data);
  EXPECT_EQ(down, base::Bytes(data.rbegin(), data.rend()));
}

INSTANTIATE_TEST_SUITE_P(Seeds, TcpOverALossyLink, testing::Range<std::uint64_t>(1, 21));

TEST(TcpOverALink, ADeadLinkEndsInFailureNotInAnEndlessLoop) {
  Pair pair(lossy(1), 1);
  const auto [up, down] = pair.exchange(pattern(10), 1h);
  EXPECT_TRUE(up.empty());
  EXPECT_LT(pair.packets_sent, 10U);
}

TEST(TcpOverALink, CrawlsAtThreeHundredAndTwentyBitsPerSecond) {
  const link::Path path{.rate_bps = 320, .delay = 200ms};
  Pair pair({.name = "crawl", .up = path, .down = path, .outages = {}}, 1);
  const base::Bytes data = pattern(2'000);
  const auto [up, down] = pair.exchange(data, 24h);
  EXPECT_TRUE(pair.over());
  EXPECT_EQ(up, data);
  EXPECT_GE(pair.took(), 55s);
}

}  // namespace
}  // namespace rig::modem
