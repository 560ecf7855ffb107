// The relay over the kernel's loopback. Real time has a say here: what is tested of it is that
// nothing comes before its time, which holds on the busiest machine.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/rig_error.h"
#include "unit/shaping/relay_tests.h"

namespace rig::shaping {
namespace {

using namespace std::chrono_literals;
using base::Endpoint;

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
  return text;
}

TEST_F(Relayed, APhaseSlowsItAndItsBytesAreCounted) {
  const link::Path slow{.rate_bps = 80'000};
  const link::Profile profile{.name = "test",
                              .impairments = {{.name = "crawl",
                                               .when = {.phase = "downloading"},
                                               .which = {},
                                               .pick = {},
                                               .effect = link::Replace{.up = slow, .down = {}}}}};
  bool happened = false;
  relay_.emplace(loop_, profile,
                 RelayLink::Settings{.forwards = {{.listen = kAnyPort, .upstream = upstream()}},
                                     .line = {.course = {.happened = [&] { happened = true; }}}});
  connect_through();
  relay_->set_phase("downloading");
  relay_->count_from_here();
  relay_->watch_bytes(link::ByteCount{base::Direction::up, 1000});
  const io::Time begun = io::now();
  device_->send(pattern(960));
  ASSERT_TRUE(until([this] { return server_->received.size() == 960; }));
  EXPECT_GE(server_->last - begun, 100ms);  // 1000 bytes with their headers
  EXPECT_TRUE(happened);
  const Happenings told = relay_->take_happenings();
  EXPECT_TRUE(told.reached);
  EXPECT_TRUE(
      std::ranges::any_of(told.changes, [](const auto& each) { return each.text == "crawl on"; }));
}

link::Profile with_effect(const link::Effect& effect) {
  return {.name = "test",
          .impairments = {{.name = "it",
                           .when = {},
                           .which = {.direction = base::Direction::down},
                           .pick = {},
                           .effect = effect}}};
}

TEST_F(Relayed, AStallHoldsWhatFollowsAndLosesNothing) {
  shape(with_effect(link::Stall{.after = 10'000, .length = 300ms}), {.mss = 1000});
  connect_through();
  const std::string text = pattern(50'000);
  server_->send(text);
  const io::Time begun = io::now();
  ASSERT_TRUE(until([&] { return device_->received.size() == text.size(); }));
  EXPECT_TRUE(device_->received == text);
  EXPECT_GE(device_->last - begun, 300ms);
  EXPECT_FALSE(device_->error);
}

TEST_F(Relayed, AStallForGoodLetsNothingMorePass) {
  shape(with_effect(link::Stall{.after = 10'000, .length = {}}), {.mss = 1000});
  connect_through();
  server_->send(pattern(50'000));
  ASSERT_TRUE(until([&] { return device_->received.size() == 10'000; }));
  loop_.run_for(500ms);
  EXPECT_EQ(device_->received.size(), 10'000U);
  EXPECT_FALSE(device_->ended);
}

TEST_F(Relayed, AnEarlyEndComesBehindItsByte) {
  shape(with_effect(link::Finish{.after = 10'500}), {.mss = 1000});
  connect_through();
  const std::string text = pattern(50'000);
  server_->send(text);
  ASSERT_TRUE(until([&] { return device_->ended; }));
  EXPECT_TRUE(device_->received == text.substr(0, 10'500));
  EXPECT_FALSE(device_->error);
}

TEST_F(Relayed, BytesArriveUnchangedAndTheEndBehindThem) {
  shape({}, {.mss = 536});
  connect_through();
  const std::string up = pattern(300'000);
  device_->send(up);
  ASSERT_TRUE(until([&] { return server_->received.size() == up.size(); }));
  EXPECT_TRUE(server_->received == up);
  device_->send_end();
  ASSERT_TRUE(until([&] { return server_->ended; }));
  // Half closed: the answer still comes.
  const std::string down = pattern(200'000);
  server_->send(down);
  ASSERT_TRUE(until([&] { return device_->received.size() == down.size(); }));
  EXPECT_TRUE(device_->received == down);
  server_->send_end();
  ASSERT_TRUE(until([&] { return device_->ended && relay_->stats().flows_open == 0; }));
  const Stats stats = relay_->stats();
  EXPECT_EQ(stats.flows_total, 1U);
  EXPECT_GE(stats.meter.way(base::Direction::up).offered_packets, 300'000U / 536);
  EXPECT_EQ(stats.meter.way(base::Direction::up).delivered_bytes,
            300'000 + 40 * stats.meter.way(base::Direction::up).delivered_packets);
  EXPECT_TRUE(stats.meter.way(base::Direction::up).dropped.empty());
}

TEST_F(Relayed, NothingArrivesBeforeItsTimeOnTheLine) {
  shape(alike({.rate_bps = 80'000, .delay = 20ms}));
  connect_through();
  const base::Duration connected = io::now() - started_;
  EXPECT_GE(connected, 24ms);  // a SYN of 40 bytes takes 4 ms, and 20 ms
  device_->send(std::string(2000, 'x'));
  ASSERT_TRUE(until([&] { return server_->received.size() == 2000; }));
  // SYN, SYN+ACK, 2000 bytes in two segments with their headers: 2160 bytes at 10 B/ms; delays.
  EXPECT_GE(server_->last - started_, 216ms + 60ms);
  EXPECT_EQ(relay_->stats().meter.way(base::Direction::up).delivered_packets, 3U);
}

TEST_F(Relayed, ASlowLinePushesBack) {
  shape(alike({.rate_bps = 8'000'000, .queue_packets = 4}), {.mss = 1460});
  connect_through();
  relay_->set(alike({.rate_bps = 320, .queue_packets = 4}));
  device_->send(std::string(8U << 20, 'x'));
  loop_.run_for(200ms);
  EXPECT_GT(device_->unsent(), 0U);
  EXPECT_LE(relay_->stats().meter.way(base::Direction::up).offered_bytes, 40 + 4 * 1500U);
  EXPECT_TRUE(relay_->stats().meter.way(base::Direction::up).dropped.empty());
}

TEST_F(Relayed, AServerThatDoesNotReadIsWaitedFor) {
  shape({}, {.window = 20'000});
  connect_through();
  server_.reset();  // of the test: hold another connection that is not read at all
  device_.reset();
  std::optional<io::UniqueFd> unread;
  listener_.reset();
  listener_.emplace(loop_, kAnyPort,
                    [&](io::UniqueFd socket, const Endpoint&) { unread = std::move(socket); });
  shape({}, {.window = 20'000});
  connect();
  ASSERT_TRUE(until([&] { return unread.has_value(); }));
  device_->send(std::string(32U << 20, 'x'));
  // The kernel's own buffers fill first, and grow for a while.
  for (std::uint64_t before = 1;
       before != relay_->stats().meter.way(base::Direction::up).offered_bytes;) {
    before = relay_->stats().meter.way(base::Direction::up).offered_bytes;
    loop_.run_for(50ms);
  }
  EXPECT_GT(device_->unsent(), 0U);
  EXPECT_LT(relay_->stats().meter.way(base::Direction::up).offered_bytes, 32U << 20);
}

TEST_F(Relayed, AResetCrossesTheLine) {
  shape(alike({.delay = 10ms}));
  connect_through();
  server_->reset();
  ASSERT_TRUE(until([&] { return bool(device_->error); }));
  EXPECT_EQ(device_->error, std::errc::connection_reset);
  ASSERT_TRUE(until([&] { return relay_->stats().flows_open == 0; }));
}

TEST_F(Relayed, AServerThatIsNotThereResetsTheDevice) {
  shape({});
  listener_.reset();
  connect();
  ASSERT_TRUE(until([&] { return device_->error || device_->ended; }));
  EXPECT_EQ(device_->error, std::errc::connection_reset);
  ASSERT_TRUE(until([&] { return relay_->stats().flows_open == 0; }));
  EXPECT_EQ(relay_->stats().flows_refused, 1U);
}

TEST_F(Relayed, AnOutageHoldsTcpBackAndLosesNothing) {
  link::Profile profile = alike({});
  profile.outages = {{.from = base::kCycleStart + 100ms, .until = base::kCycleStart + 400ms}};
  shape(profile);
  const io::Time begun = io::now();
  connect_through();
  loop_.run_for(begun + 150ms - io::now());
  device_->send("after");
  ASSERT_TRUE(until([&] { return server_->received == "after"; }));
  EXPECT_GE(server_->last - begun, 399ms);
  EXPECT_TRUE(relay_->stats().meter.way(base::Direction::up).dropped.empty());
}

TEST_F(Relayed, AProfileItCannotExpressChangesNothing) {
  shape(alike({.rate_bps = 1e6}));
  EXPECT_THROW(relay_->set(alike({.loss = 0.1})), base::UsageError);
  EXPECT_EQ(relay_->stats().profile, "test");
  connect_through();
  device_->send("still there");
  EXPECT_TRUE(until([&] { return server_->received == "still there"; }));
}

TEST_F(Relayed, AnotherProfileLosesNothingThatIsUnderWay) {
  shape(alike({.rate_bps = 400'000}));
  connect_through();
  const std::string text = pattern(60'000);
  device_->send(text);
  ASSERT_TRUE(until([&] { return server_->received.size() > 10'000; }));
  relay_->set({.name = "faster", .up = {}, .down = {}, .outages = {}});
  ASSERT_TRUE(until([&] { return server_->received.size() == text.size(); }));
  EXPECT_TRUE(server_->received == text);
  EXPECT_EQ(relay_->stats().profile, "faster");
}

TEST_F(Relayed, TheEndOfTheRelayResetsBothSides) {
  shape({});
  connect_through();
  device_->send("x");
  ASSERT_TRUE(until([&] { return server_->received == "x"; }));
  relay_.reset();
  ASSERT_TRUE(until([&] { return device_->error && server_->error; }));
}

TEST_F(RelayedDatagrams, EachClientGetsItsOwnAnswers) {
  shape(alike({.delay = 5ms}));
  send(first_, "a");
  send(second_, "b");
  ASSERT_TRUE(loop_.run_until([&] { return heard_.size() == 2; }, 20s));
  EXPECT_EQ(heard_, (std::vector<std::string>{"first: re a", "second: re b"}));
  EXPECT_NE(clients_[0], clients_[1]);
  EXPECT_EQ(relay_->stats().flows_open, 2U);
}

TEST_F(RelayedDatagrams, LossAndAFullQueueTakeDatagramsAndSaySo) {
  shape(alike({.loss = 1}));
  send(first_, "lost");
  ASSERT_TRUE(loop_.run_until(
      [&] { return relay_->stats().meter.way(base::Direction::up).offered_packets == 1; }, 20s));
  EXPECT_EQ(relay_->stats().meter.way(base::Direction::up).dropped.at("loss"), 1U);
  shape(alike({.rate_bps = 320, .queue_packets = 1}));
  for (int i = 0; i < 5; ++i) send(first_, std::string(1000, 'x'));
  ASSERT_TRUE(loop_.run_until(
      [&] { return relay_->stats().meter.way(base::Direction::up).offered_packets == 5; }, 20s));
  EXPECT_EQ(relay_->stats().meter.way(base::Direction::up).dropped.at("queue full"), 4U);
}

TEST(RelayLink, RefusesWhatCouldNotBeToldApart) {
  io::Loop loop;
  RelayLink::Settings settings{.forwards = {{.listen = kAnyPort, .upstream = {kLoopback, 80}},
                                            {.listen = kAnyPort, .upstream = {kLoopback, 80}}}};
  EXPECT_THROW(RelayLink(loop, {}, settings), base::UsageError);
  settings.forwards.pop_back();
  settings.connection.mss = 0;
  EXPECT_THROW(RelayLink(loop, {}, settings), base::UsageError);
}

TEST(TcpListener, SaysWhoHasThePort) {
  io::Loop loop;
  const io::TcpListener one(loop, kAnyPort, [](io::UniqueFd, const Endpoint&) {});
  try {
    const io::TcpListener two(loop, one.local(), [](io::UniqueFd, const Endpoint&) {});
    FAIL();
  } catch (const base::RigError& error) {
    EXPECT_NE(std::string(error.what()).find("another program has this port"), std::string::npos)
        << error.what();
  }
}

TEST(Resolve, ReadsHostAndPortOrSaysWhatWouldBeRight) {
  EXPECT_EQ(io::resolve("127.0.0.1:8080"), (Endpoint{kLoopback, 8080}));
  EXPECT_EQ(io::resolve(":80"), (Endpoint{0, 80}));
  for (const char* bad : {"127.0.0.1", "127.0.0.1:", "127.0.0.1:65616", "1.2.3.4:http", "x y:1"}) {
    EXPECT_THROW((void)io::resolve(bad), base::UsageError) << bad;
  }
}

}  // namespace
}  // namespace rig::shaping
