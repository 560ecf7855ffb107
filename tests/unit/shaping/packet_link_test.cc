// The packet engine between two network namespaces of this machine. Skipped where those cannot be
// made. What is tested of time is that nothing comes before it.
#include "shaping/packet_link.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/rig_error.h"
#include "io/inet.h"
#include "io/loop.h"
#include "io/tcp_listener.h"
#include "io/udp_socket.h"
#include "io/watch.h"
#include "shaping/interface.h"
#include "shaping/netlink.h"
#include "unit/shaping/lab_test.h"

namespace rig::shaping {
namespace {

using namespace std::chrono_literals;
using base::Endpoint;

constexpr Endpoint kServer{NetworkLab::kServerAddress, 5683};

link::Profile symmetric(link::Path path) {
  return {.name = "test", .up = path, .down = path, .outages = {}};
}

class Wire : public LabTest {
 protected:
  void shape(const link::Profile& profile) {
    const io::InNetNamespace inside(lab_->middle());
    link_.emplace(profile, PacketLink::Settings{.board_side = NetworkLab::kBoardSide,
                                                .server_side = NetworkLab::kServerSide});
  }
  // The same, told of in happened_.
  void shape_and_tell(const link::Profile& profile) {
    const io::InNetNamespace inside(lab_->middle());
    link_.emplace(profile, PacketLink::Settings{
                               .board_side = NetworkLab::kBoardSide,
                               .server_side = NetworkLab::kServerSide,
                               .course = {.begun = io::now() - 100s,
                                          .keeps_packets = true,
                                          .happened = [this] { loop_.post([this] { take(); }); }}});
  }
  void take() {
    Happenings more = link_->take_happenings();
    std::ranges::move(more.changes, std::back_inserter(happened_.changes));
    std::ranges::move(more.drops, std::back_inserter(happened_.drops));
    happened_.reached = happened_.reached || more.reached;
  }
  void open_sockets() {
    {
      const io::InNetNamespace inside(lab_->server());
      server_.emplace(loop_, kServer, [this](const Endpoint& from, base::ByteView bytes, io::Time) {
        (void)server_->send(from, bytes);
      });
    }
    const io::InNetNamespace inside(lab_->device());
    device_.emplace(loop_, Endpoint{}, [this](const Endpoint&, base::ByteView bytes, io::Time at) {
      heard_.emplace_back(base::as_text(bytes));
      last_ = at;
    });
  }
  void say(const std::string& text) { ASSERT_TRUE(device_->send(kServer, base::bytes_of(text))); }
  bool until(const std::function<bool()>& done) { return loop_.run_until(done, 20s); }

  std::optional<PacketLink> link_;
  io::Loop loop_;
  std::optional<io::UdpSocket> server_;
  std::optional<io::UdpSocket> device_;
  std::vector<std::string> heard_;
  io::Time last_{};
  Happenings happened_;
};

TEST_F(Wire, DatagramsCrossBothWays) {
  shape({});
  open_sockets();
  say("one");
  say(std::string(1400, 'x'));
  ASSERT_TRUE(until([this] { return heard_.size() == 2; }));
  EXPECT_EQ(heard_[0], "one");
  EXPECT_EQ(heard_[1], std::string(1400, 'x'));
  const Stats stats = link_->stats();
  EXPECT_EQ(stats.meter.way(base::Direction::up).delivered_packets, 2U);
  EXPECT_EQ(stats.meter.way(base::Direction::up).delivered_bytes,
            3 + 28 + 1400 + 28U);  // ARP is no traffic of the link
  EXPECT_EQ(stats.meter.way(base::Direction::down).delivered_bytes,
            stats.meter.way(base::Direction::up).delivered_bytes);
}

// The default of a veth pair: checksums are left to an interface that is none.
TEST_F(Wire, CompletesTheChecksumsThatItsEndsLeaveToTheirInterfaces) {
  shape({});
  for (const io::NetNamespace* end : {&lab_->device(), &lab_->server()}) {
    const io::InNetNamespace inside(*end);
    for (const std::string& name : interface_names()) {
      if (name != "lo") set(name, Offload::checksums, true);
    }
  }
  open_sockets();
  say("one");
  EXPECT_TRUE(until([this] { return heard_.size() == 1; }));
}

TEST_F(Wire, NothingArrivesBeforeItsTimeOnTheLine) {
  shape(symmetric({.rate_bps = 80'000, .delay = 30ms}));
  open_sockets();
  const io::Time begun = io::now();
  say(std::string(972, 'x'));
  ASSERT_TRUE(until([this] { return heard_.size() == 1; }));
  EXPECT_GE(last_ - begun, 2 * (100ms + 30ms));
}

TEST_F(Wire, LosesWhatTheModelLosesAndSaysSo) {
  shape(symmetric({.loss = 1}));
  open_sockets();
  say("lost");
  for (int i = 0; i < 400 && link_->stats().meter.way(base::Direction::up).offered_packets == 0;
       ++i)
    loop_.run_for(10ms);
  EXPECT_EQ(link_->stats().meter.way(base::Direction::up).dropped.at("loss"), 1U);
  EXPECT_EQ(link_->stats().meter.way(base::Direction::up).delivered_packets, 0U);
  // Another profile, while it runs.
  link_->set({.name = "ideal", .up = {}, .down = {}, .outages = {}});
  for (int i = 0; i < 400 && link_->stats().profile != "ideal"; ++i) loop_.run_for(10ms);
  say("heard");
  EXPECT_TRUE(until([this] { return heard_.size() == 1; }));
}

link::Profile dark_while_applying() {
  return {.name = "test",
          .impairments = {{.name = "dark",
                           .when = {.phase = "applying"},
                           .which = {},
                           .pick = {},
                           .effect = link::Vanish{}}}};
}

TEST_F(Wire, APhaseOfTheUpdateOpensAWindowOnTheClockOfTheCycle) {
  shape_and_tell(dark_while_applying());
  open_sockets();
  say("before");
  ASSERT_TRUE(until([this] { return heard_.size() == 1; }));
  link_->set_phase("applying");
  say("within");
  ASSERT_TRUE(until([this] { return !happened_.drops.empty() && !happened_.changes.empty(); }));
  EXPECT_EQ(happened_.changes.front().text, "dark on");
  EXPECT_GE(happened_.changes.front().at, base::kCycleStart + 100s);
  EXPECT_EQ(happened_.drops.front().reason, "dark");
  EXPECT_GE(happened_.drops.front().at, happened_.changes.front().at);
  link_->set_phase("rebooting");
  ASSERT_TRUE(until([this] { return happened_.changes.size() == 2; }));
  say("after");
  ASSERT_TRUE(until([this] { return heard_.size() == 2; }));
  EXPECT_EQ(heard_.back(), "after");
}

TEST_F(Wire, TellsWhenSoManyBytesHaveCrossedSinceTheOffer) {
  shape_and_tell({});
  open_sockets();
  say("not counted");
  ASSERT_TRUE(until([this] { return heard_.size() == 1; }));
  link_->count_from_here();
  link_->watch_bytes(link::ByteCount{base::Direction::up, 2 * (72 + 28)});
  say(std::string(72, 'x'));
  ASSERT_TRUE(until([this] { return heard_.size() == 2; }));
  EXPECT_FALSE(happened_.reached);
  say(std::string(72, 'x'));
  ASSERT_TRUE(until([this] { return happened_.reached; }));
}

TEST_F(Wire, KeepsItsPacketsWithPhaseAndFate) {
  shape_and_tell(dark_while_applying());
  open_sockets();
  say("one");
  ASSERT_TRUE(until([this] { return heard_.size() == 1; }));
  link_->set_phase("applying");
  say("two");
  ASSERT_TRUE(until([this] { return !happened_.drops.empty(); }));
  const auto log = link_->end();
  ASSERT_TRUE(log);
  ASSERT_EQ(log->packets().size(), 3U);  // up, its echo, up
  EXPECT_TRUE(fate_of(log->packets().front()).starts_with("delivered after"));
  EXPECT_EQ(fate_of(log->packets().back()), "phase=applying dropped: dark");
}

TEST_F(Wire, TheKernelsTcpCrossesInSegmentsOfTheWire) {
  shape(symmetric({.rate_bps = 20e6, .delay = 1ms}));
  std::optional<io::UniqueFd> accepted;
  std::optional<io::TcpListener> listener;
  io::UniqueFd client;
  std::string received;
  {
    const io::InNetNamespace inside(lab_->server());
    listener.emplace(loop_, Endpoint{NetworkLab::kServerAddress, 80},
                     [&](io::UniqueFd socket, const Endpoint&) { accepted = std::move(socket); });
  }
  {
    const io::InNetNamespace inside(lab_->device());
    client = io::start_connecting({NetworkLab::kServerAddress, 80});
  }
  io::Watch watch(loop_, client.get());
  watch.on_readable([&] {
    base::Bytes buffer(65536);
    const io::Transferred got = io::read_some(client.get(), buffer);
    received += base::as_text(base::ByteView(buffer).first(got.bytes));
    if (got.ended || got.error) watch.stop_reading();
  });
  ASSERT_TRUE(until([&] { return accepted.has_value(); }));
  const std::string text(200'000, 'y');
  const auto put =
      io::write_some(accepted->get(), {reinterpret_cast<const std::uint8_t*>(text.data()), 60'000});
  ASSERT_EQ(put.bytes, 60'000U);
  ASSERT_TRUE(until([&] { return received.size() == 60'000; }));
  EXPECT_TRUE(received == text.substr(0, 60'000));
  EXPECT_GE(link_->stats().meter.way(base::Direction::down).delivered_packets, 60'000U / 1460);
}

TEST_F(Wire, EndsWithItsInterface) {
  shape({});
  {
    const io::InNetNamespace inside(lab_->middle());
    NetlinkMessage message(RTM_DELLINK, 0);
    ifinfomsg which{};
    which.ifi_index = interface_index(NetworkLab::kServerSide);
    message.add(which);
    (void)NetlinkSocket().request(message, "remove an interface");
  }
  EXPECT_THROW(
      for (int i = 0; i < 400; ++i) {
        (void)link_->stats();
        loop_.run_for(10ms);
      },
      base::RigError);
}

TEST_F(Wire, RefusesInterfacesThatCannotBe) {
  const io::InNetNamespace inside(lab_->middle());
  try {
    const PacketLink link({}, {.board_side = "otarig-bord", .server_side = "otarig-server"});
    FAIL();
  } catch (const base::UsageError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("no interface 'otarig-bord'"), std::string::npos) << text;
    EXPECT_NE(text.find("Did you mean 'otarig-board'"), std::string::npos) << text;
  }
  EXPECT_THROW(PacketLink({}, {.board_side = "otarig-board", .server_side = "otarig-board"}),
               base::UsageError);
  set_address("otarig-board", 0x0A4D0003, 24);
  EXPECT_THROW(PacketLink({}, {.board_side = "otarig-board", .server_side = "otarig-server"}),
               base::UsageError);
}

TEST_F(Wire, LeavesNothingOutsideOfItsNamespaces) {
  shape({});
  for (const std::string& name : interface_names()) {
    EXPECT_FALSE(name.starts_with("otarig")) << name;
  }
}

TEST_F(Wire, OffloadsThatWereOnAreOnAgain) {
  const io::InNetNamespace inside(lab_->middle());
  const std::string name = NetworkLab::kBoardSide;
  set(name, Offload::receive_merging, true);
  {
    const WithoutOffloads off(name, {Offload::receive_merging, Offload::segmentation});
    EXPECT_FALSE(is_on(name, Offload::receive_merging));
    EXPECT_EQ(off.were_on(), std::vector<Offload>{Offload::receive_merging});
  }
  EXPECT_TRUE(is_on(name, Offload::receive_merging));
  EXPECT_FALSE(is_on(name, Offload::segmentation));
}

TEST(NetlinkMessage, HasLengthsAndPaddingAsTheKernelReadsThem) {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE);
  message.add_attribute(3, std::string("abc"));  // 4 bytes with its zero
  const std::size_t nest = message.begin(18);
  message.add_number(7, std::uint16_t{0x1234});  // 2 bytes, padded to 4
  message.end(nest);
  const base::Bytes bytes = message.bytes(9);
  ASSERT_EQ(bytes.size(), 16U + 8 + 4 + 8);
  EXPECT_EQ(base::read_le32(bytes, 0), bytes.size());
  EXPECT_EQ(base::read_le32(bytes, 8), 9U);
  const Attributes all = attributes_in(base::ByteView(bytes).subspan(16));
  EXPECT_EQ(base::as_text(all.at(3)), std::string_view("abc\0", 4));
  const Attributes inner = attributes_in(all.at(18));
  EXPECT_EQ(inner.at(7).size(), 2U);
  // Cut anywhere, what is left is read and nothing behind it.
  for (std::size_t length = 0; length < 20; ++length) {
    EXPECT_LE(attributes_in(base::ByteView(bytes).subspan(16, length)).size(), 2U);
  }
}

}  // namespace
}  // namespace rig::shaping
