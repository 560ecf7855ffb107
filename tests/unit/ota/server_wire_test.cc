// The server's side of single datagrams: acknowledgements, repetitions, garbage.
#include <gtest/gtest.h>

#include "base/random.h"
#include "unit/ota/scripted_device.h"

namespace rig::ota {
namespace {

using std::chrono::seconds;
using testing::kDevice;
using testing::kServer;
using testing::make_entry;

const Catalogue& catalogue() {
  static const Catalogue all{make_entry({.function = ModuleFunction::user, .version = 2})};
  return all;
}

constexpr std::string_view kDescribe =
    R"({"p":10,"m":[{"f":"s","n":1,"v":604,"vc":30,"vv":30,"d":[]}]})";

base::Instant at(int s) { return base::kCycleStart + seconds(s); }

base::Packet from_device(const Datagram& datagram) {
  return {.source = kDevice, .destination = kServer, .payload = encode(datagram), .header = {}};
}

struct Seen {
  std::vector<Datagram> sent;
  std::vector<std::string> traces;
};

Seen take(UpdateServer& server) {
  Seen seen;
  for (const Output& output : server.take_outputs()) {
    if (const auto* trace = std::get_if<Trace>(&output)) {
      seen.traces.push_back(trace->text);
    } else {
      seen.sent.push_back(*decode_datagram(std::get<SendPacket>(output).packet.payload));
    }
  }
  return seen;
}

Datagram hello(std::uint16_t id, std::uint32_t session = 1) {
  return {MessageType::con, Code::hello, id, encode(Hello{.session = session})};
}

Datagram describe(std::uint16_t id) {
  return {MessageType::con, Code::describe, id, base::bytes_of(kDescribe)};
}

Datagram ack(std::uint16_t id) { return {MessageType::ack, Code::ok, id, {}}; }

// In session, BEGIN sent at 0 s and not yet acknowledged; gives the BEGIN.
Datagram offered(UpdateServer& server) {
  server.set_target({.user = 2}, at(0));
  server.receive(from_device(hello(1)), at(0));
  server.receive(from_device(describe(2)), at(0));
  return take(server).sent.back();
}

TEST(ServerWire, AConIsAcknowledgedWithItsOwnId) {
  UpdateServer server(catalogue(), {});
  server.receive(from_device(hello(7)), at(0));
  EXPECT_EQ(take(server).sent, std::vector<Datagram>{ack(7)});
}

TEST(ServerWire, RepeatedHelloIsAcknowledgedAndNotActedOn) {
  UpdateServer server(catalogue(), {});
  server.receive(from_device(hello(7)), at(0));
  (void)take(server);
  server.receive(from_device(hello(7)), at(4));
  const Seen seen = take(server);
  EXPECT_EQ(seen.sent, std::vector<Datagram>{ack(7)});
  EXPECT_TRUE(seen.traces.empty());
}

TEST(ServerWire, RepeatedDescribeIsAcknowledgedAndNotActedOn) {
  UpdateServer server(catalogue(), {});
  (void)offered(server);
  server.receive(from_device(describe(2)), at(4));
  const Seen seen = take(server);
  EXPECT_EQ(seen.sent, std::vector<Datagram>{ack(2)});
  EXPECT_TRUE(seen.traces.empty());
}

TEST(ServerWire, NinthIdBackIsForgotten) {
  UpdateServer server(catalogue(), {});
  (void)offered(server);
  for (std::uint16_t id = 100; id < 108; ++id) {
    server.receive(from_device({MessageType::con, Code::ping, id, {}}), at(1));
  }
  (void)take(server);
  server.receive(from_device(describe(2)), at(2));
  EXPECT_EQ(take(server).traces.size(), 1u);  // described anew
}

TEST(ServerWire, BeginTellsAddressAndLength) {
  UpdateServer server(catalogue(), {.mode = TransferMode::confirmed});
  const Datagram sent = offered(server);
  EXPECT_EQ(sent.type, MessageType::con);
  const auto begin = decode_begin(sent.payload);
  ASSERT_TRUE(begin);
  EXPECT_EQ(*begin, (Begin{.fast = false, .length = 3000, .address = 0x08080000}));
}

TEST(ServerWire, UnansweredConIsRepeatedAfter4And8And16SecondsThenGivenUp) {
  UpdateServer server(catalogue(), {});
  const Datagram begin = offered(server);
  std::vector<double> times;
  while (const auto due = server.wake_time()) {
    server.advance(*due);
    const Seen seen = take(server);
    times.push_back(base::to_seconds(due->time_since_epoch()));
    if (!seen.sent.empty()) {
      EXPECT_EQ(seen.sent, std::vector<Datagram>{begin});
    }
    if (!seen.traces.empty()) {
      EXPECT_EQ(seen.traces, std::vector<std::string>{"gone reason=no-answer code=begin"});
    }
  }
  EXPECT_EQ(times, (std::vector<double>{4, 12, 28, 60}));
}

TEST(ServerWire, OutsideASessionOnlyHelloIsAnswered) {
  UpdateServer server(catalogue(), {});
  server.receive(from_device(describe(3)), at(0));
  server.receive(from_device({MessageType::con, Code::ping, 4, {}}), at(0));
  const Seen seen = take(server);
  EXPECT_TRUE(seen.sent.empty());
  EXPECT_TRUE(seen.traces.empty());
}

TEST(ServerWire, MalformedRequestIsRefused) {
  UpdateServer server(catalogue(), {});
  server.receive(from_device(hello(1)), at(0));
  (void)take(server);
  server.receive(from_device({MessageType::con, Code::describe, 2, base::bytes_of("{")}), at(0));
  const Seen seen = take(server);
  EXPECT_EQ(seen.sent, (std::vector<Datagram>{{MessageType::ack, Code::refused, 2, {}}}));
  EXPECT_EQ(seen.traces, std::vector<std::string>{"malformed describe"});
}

TEST(ServerWire, ResetFromTheDeviceEndsTheSession) {
  UpdateServer server(catalogue(), {});
  const Datagram begin = offered(server);
  server.receive(from_device({MessageType::rst, Code::ok, begin.id, {}}), at(1));
  EXPECT_EQ(take(server).traces, std::vector<std::string>{"gone reason=reset"});
  EXPECT_FALSE(server.wake_time());
}

TEST(ServerWire, ReadyStandsForTheLostAcknowledgementOfBegin) {
  UpdateServer server(catalogue(), {});
  (void)offered(server);
  server.receive(from_device({MessageType::con, Code::ready, 3, {0}}), at(1));
  const Seen seen = take(server);
  ASSERT_EQ(seen.sent.size(), 2u);
  EXPECT_EQ(seen.sent[0], ack(3));
  EXPECT_EQ(seen.sent[1].type, MessageType::non);
  EXPECT_EQ(decode_chunk(seen.sent[1].payload)->index, 0);
}

TEST(ServerWire, LastChunkIsShorterAndDoneFollows) {
  UpdateServer server(catalogue(), {});
  (void)offered(server);
  server.receive(from_device({MessageType::con, Code::ready, 3, {0}}), at(1));
  std::vector<Datagram> sent = take(server).sent;
  while (sent.back().code != Code::done) {
    server.advance(server.wake_time().value());
    const std::vector<Datagram> more = take(server).sent;
    sent.insert(sent.end(), more.begin(), more.end());
  }
  ASSERT_EQ(sent.size(), 1 + 6 + 1u);  // acknowledgement, six chunks of 3000 bytes, DONE
  EXPECT_EQ(decode_chunk(sent[6].payload)->data.size(), 3000u - 5 * 512);
  EXPECT_EQ(sent.back().type, MessageType::con);
}

TEST(ServerWire, MissingChunksAreSentAndIndicesBeyondTheEndAreNot) {
  UpdateServer server(catalogue(), {.chunk_interval = {}});
  (void)offered(server);
  server.receive(from_device({MessageType::con, Code::ready, 3, {0}}), at(1));
  (void)take(server);
  const Missing missing{{1, 5, 6, 60000}};
  server.receive(from_device({MessageType::con, Code::missing, 4, encode(missing)}), at(2));
  std::vector<int> indices;
  for (const Datagram& datagram : take(server).sent) {
    if (datagram.code == Code::chunk) indices.push_back(decode_chunk(datagram.payload)->index);
  }
  EXPECT_EQ(indices, (std::vector<int>{1, 5}));
  EXPECT_FALSE(server.wake_time());  // the device's turn
}

TEST(ServerWire, LaterRequestForMissingChunksReplacesTheEarlierOne) {
  UpdateServer server(catalogue(), {});
  (void)offered(server);
  server.receive(from_device({MessageType::con, Code::ready, 3, {0}}), at(1));
  for (int n = 0; n < 6; ++n) server.advance(server.wake_time().value());
  (void)take(server);
  server.receive(from_device({MessageType::con, Code::missing, 4, encode(Missing{{1, 2, 3}})}),
                 at(3));
  server.receive(from_device({MessageType::con, Code::missing, 5, encode(Missing{{4, 0}})}), at(3));
  while (const auto due = server.wake_time()) server.advance(*due);
  std::vector<int> indices;
  for (const Datagram& datagram : take(server).sent) {
    if (datagram.code == Code::chunk) indices.push_back(decode_chunk(datagram.payload)->index);
  }
  EXPECT_EQ(indices, (std::vector<int>{1, 4, 0}));
}

TEST(ServerWire, SeveralIdsAreRemembered) {
  UpdateServer server(catalogue(), {});
  (void)offered(server);
  for (std::uint16_t id = 100; id < 103; ++id) {
    server.receive(from_device({MessageType::con, Code::event, id, {'a'}}), at(1));
  }
  (void)take(server);
  server.receive(from_device({MessageType::con, Code::event, 100, {'a'}}), at(2));
  EXPECT_TRUE(take(server).traces.empty());
}

TEST(ServerWire, AfterAResultNothingIsOfferedUntilTheNextDescribe) {
  UpdateServer server(catalogue(), {});
  (void)offered(server);
  server.receive(from_device({MessageType::con, Code::result, 3, {0}}), at(1));
  (void)take(server);
  server.set_target({.user = 2, .system = 604}, at(1));
  EXPECT_TRUE(take(server).sent.empty());
  server.receive(from_device(describe(4)), at(2));
  EXPECT_EQ(take(server).sent.back().code, Code::begin);
}

TEST(ServerWire, PacketsForOthersAndOverTcpAreIgnored) {
  UpdateServer server(catalogue(), {});
  base::Packet other = from_device(hello(1));
  other.destination.port = 80;
  server.receive(other, at(0));
  base::Packet tcp = from_device(hello(1));
  tcp.protocol = base::Protocol::tcp;
  server.receive(tcp, at(0));
  EXPECT_TRUE(server.take_outputs().empty());
}

TEST(ServerWire, GarbageNeitherCrashesNorStopsTheServer) {
  base::Random random(9);
  UpdateServer server(catalogue(), {});
  server.set_target({.user = 2}, at(0));
  base::Instant now = at(0);
  constexpr std::uint8_t kCodes[] = {1, 2, 3, 4, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0, 0x80};
  for (int round = 0; round < 30000; ++round) {
    now += std::chrono::milliseconds(random.below(500));
    Datagram datagram{static_cast<MessageType>(random.below(4)),
                      static_cast<Code>(kCodes[random.below(std::size(kCodes))]),
                      static_cast<std::uint16_t>(random.below(40)), base::Bytes(random.below(24))};
    for (auto& byte : datagram.payload) byte = static_cast<std::uint8_t>(random.below(3));
    if (datagram.code == Code::describe && random.below(2) == 0) {
      datagram.payload = base::bytes_of(kDescribe);
    }
    server.receive(from_device(datagram), now);
    if (const auto due = server.wake_time(); due && *due <= now) server.advance(now);
    (void)server.take_outputs();
  }
  server.receive(from_device(hello(1, 0xFEED)), now);
  server.receive(from_device(describe(2)), now);
  const Seen seen = take(server);
  EXPECT_EQ(seen.sent.back().code, Code::begin);
}

}  // namespace
}  // namespace rig::ota
