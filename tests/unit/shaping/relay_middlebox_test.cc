// Boxes of the model between a device and its server, on the relay: they see connections and
// datagrams, and no packets.
#include "base/dns.h"
#include "unit/shaping/relay_tests.h"

namespace rig::shaping {
namespace {

link::Profile behind(link::Impairment impairment) {
  return {.name = "test", .up = {}, .down = {}, .outages = {}, .impairments = {impairment}};
}

TEST_F(Relayed, AConnectionMayBeLedToSomebodyElse) {
  std::optional<Peer> portal;
  const io::TcpListener elsewhere(loop_, kAnyPort, [&](io::UniqueFd socket, const Endpoint&) {
    portal.emplace(loop_, std::move(socket));
  });
  shape(behind({.effect = link::Divert{elsewhere.local()}}));
  connect();
  ASSERT_TRUE(until([&] { return portal.has_value(); }));
  device_->send("GET /");
  ASSERT_TRUE(until([&] { return portal->received == "GET /"; }));
  portal->send("log in first");
  ASSERT_TRUE(until([&] { return device_->received == "log in first"; }));
  EXPECT_FALSE(server_);
}

// Silence for longer than the router remembers; how much longer does not matter.
TEST_F(Relayed, ARouterThatForgetsHoldsTheServerBackUntilTheDeviceSpeaks) {
  shape(behind({.name = "router", .effect = link::Nat{.timeout = 50ms, .rebinds = false}}));
  connect_through();
  device_->send("a");
  ASSERT_TRUE(until([&] { return server_->received == "a"; }));
  loop_.run_for(100ms);
  server_->send("late");
  loop_.run_for(300ms);
  EXPECT_EQ(device_->received, "");
  EXPECT_GT(relay_->stats().meter.way(base::Direction::down).dropped.at("router"), 0U);
  device_->send("b");
  ASSERT_TRUE(until([&] { return device_->received == "late" && server_->received == "ab"; }));
}

TEST_F(Relayed, ARouterThatGivesAnotherPortCostsTheConnection) {
  shape(behind({.effect = link::Nat{.timeout = 50ms}}));
  connect_through();
  device_->send("a");
  ASSERT_TRUE(until([&] { return server_->received == "a"; }));
  loop_.run_for(100ms);
  device_->send("b");
  ASSERT_TRUE(until([&] { return device_->error && server_->error; }));
  EXPECT_EQ(server_->received, "a");
}

TEST_F(RelayedDatagrams, ARouterThatForgetsGivesAnotherPort) {
  shape(behind({.effect = link::Nat{.timeout = 50ms}}));
  send(first_, "a");
  ASSERT_TRUE(loop_.run_until([&] { return heard_.size() == 1; }, 20s));
  loop_.run_for(100ms);
  (void)server_.send(clients_[0], base::bytes_of("lost"));
  loop_.run_for(50ms);
  send(first_, "b");
  ASSERT_TRUE(loop_.run_until([&] { return heard_.size() == 2; }, 20s));
  EXPECT_EQ(heard_, (std::vector<std::string>{"first: re a", "first: re b"}));
  EXPECT_NE(clients_[0], clients_[1]);
}

TEST_F(RelayedDatagrams, MayBeLedToSomebodyElse) {
  std::string got;
  io::UdpSocket elsewhere(loop_, kAnyPort,
                          [&](const Endpoint& from, base::ByteView bytes, io::Time) {
                            got = base::as_text(bytes);
                            (void)elsewhere.send(from, base::bytes_of("mine"));
                          });
  shape(behind({.effect = link::Divert{elsewhere.local()}}));
  send(first_, "a");
  ASSERT_TRUE(loop_.run_until([&] { return heard_.size() == 1; }, 20s));
  EXPECT_EQ(got, "a");
  EXPECT_EQ(heard_[0], "first: mine");
  EXPECT_TRUE(clients_.empty());
}

}  // namespace
}  // namespace rig::shaping
