// What a profile does to real traffic: datagrams and TCP of the kernel cross the packet engine
// between two namespaces, and what arrives is what the impairment makes of it. Each row says what
// another one must not be: none passes on a wire. Skipped where namespaces cannot be made.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "real_sockets.h"
#include "shaping/packet_link.h"
#include "unit/shaping/lab_test.h"

namespace rig::system {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using Texts = std::vector<std::string>;
using shaping::NetworkLab;

link::Profile having(link::Effect effect, link::Match which = {}) {
  link::Profile profile;
  link::Impairment& it = profile.impairments.emplace_back();
  it.name = "it";
  it.which = std::move(which);
  it.effect = std::move(effect);
  return profile;
}

link::Match down(std::uint16_t port = 0) { return {.direction = Direction::down, .port = port}; }
link::Match with(const char* bytes) { return {.contains = bytes}; }

class Impaired : public shaping::LabTest {
 protected:
  // From here on, and for nothing that was there before.
  void shape(link::Profile profile) {
    profile.name = "number " + std::to_string(++profiles_);
    link_.reset();
    const io::InNetNamespace inside(lab_->middle());
    link_.emplace(profile, shaping::PacketLink::Settings{.board_side = NetworkLab::kBoardSide,
                                                         .server_side = NetworkLab::kServerSide});
  }
  [[nodiscard]] link::Meter::Way way(Direction direction) const {
    return link_->stats().meter.way(direction);
  }
  std::optional<shaping::PacketLink> link_;
  int profiles_{0};
};

struct DatagramRow {
  const char* what;
  link::Profile profile;
  Texts arrive;  // of kSent
};
const Texts kSent{"one", "token=7", "three"};

link::Profile lossy(bool marks) {
  const link::Path path{.loss = 1, .marks = marks};
  return {.up = path, .down = path};
}

TEST_F(Impaired, DatagramsArriveAsTheProfileLeavesThem) {
  using namespace link;
  const DatagramRow rows[] = {
      {"a wire", {}, kSent},
      {"content that is dropped", having(Vanish{}, with("token")), {"one", "three"}},
      {"content that is lost", having(Lose{}, with("n=7")), {"one", "three"}},
      {"copies", having(Duplicate{}, with("one")), {"one", "one", "token=7", "three"}},
      {"a cut", having(Truncate{5}, with("token")), {"one", "token", "three"}},
      {"overtaken", having(Delay{300ms, true}, with("one")), {"token=7", "three", "one"}},
      {"noise", having(Corrupt{}, with("three")), {"one", "token=7"}},
      {"marks", having(Mark{}, with("t")), {"one", "token=7 CE", "three CE"}},
      {"marks instead of losses", lossy(true), {"one CE", "token=7 CE", "three CE"}},
      {"losses", lossy(false), {}}};
  for (const DatagramRow& row : rows) {
    SCOPED_TRACE(row.what);
    shape(row.profile);
    DatagramPair pair(*lab_, {.marked = true});
    for (const std::string& each : kSent) pair.send(each);
    EXPECT_EQ(pair.heard(row.arrive.size()), row.arrive);
  }
}

TEST_F(Impaired, WhoeverCarriesNoMarkIsLostWhereOthersAreMarked) {
  shape(lossy(true));
  DatagramPair pair(*lab_, {.marked = false});
  pair.send("plain");
  EXPECT_EQ(pair.heard(0), Texts{});
  EXPECT_EQ(way(Direction::up).dropped.at("loss"), 1U);
}

struct StreamRow {
  const char* what;
  link::Profile profile;
  StreamEnd end;
  std::size_t least;  // bytes that arrive
  std::size_t most;
  std::uint16_t port{kStreamPort};    // the device's; the server is at kStreamPort
  std::uint64_t packets{0};           // down, at least
  std::chrono::milliseconds took{0};  // at least
};
constexpr std::size_t kStream = 20'000;

link::Profile small_mtu(bool clamped) {
  link::Profile profile = clamped ? having(link::ClampMss{500}) : link::Profile{};
  profile.down = {.mtu = 576, .oversize = link::Oversize::black_hole};
  return profile;
}

link::Profile small_window() {
  link::Profile profile = having(link::ClampWindow{2'000}, {.direction = Direction::up});
  profile.up.delay = 5ms;
  profile.down.delay = 5ms;
  return profile;
}

TEST_F(Impaired, StreamsEndAsTheProfileEndsThem) {
  using namespace link;
  using enum StreamEnd;
  const base::Endpoint server{NetworkLab::kServerAddress, kStreamPort};
  const StreamRow rows[] = {
      {"a wire", {}, whole, kStream, kStream},
      {"a RST behind 4,000 bytes", having(Reset{4'000}, down()), reset, 0, 4'000},
      {"a FIN behind 4,000 bytes", having(Finish{4'000}, down()), whole, 4'000, 4'000},
      {"a stall behind 4,000 bytes", having(Stall{4'000, 0ms}, down()), silent, 1, 4'000},
      {"an MTU that nobody tells", small_mtu(false), silent, 0, 0},
      {"the same with the MSS clamped", small_mtu(true), whole, kStream, kStream, kStreamPort, 40},
      {"slices", having(Slice{100}, down()), whole, kStream, kStream, kStreamPort, 200},
      {"a small window", small_window(), whole, kStream, kStream, kStreamPort, 0, 90ms},
      {"a portal", having(Divert{server}), whole, kStream, kStream, kOtherPort},
      {"nobody", {}, refused, 0, 0, kOtherPort}};
  for (const StreamRow& row : rows) {
    SCOPED_TRACE(row.what);
    shape(row.profile);
    const Story story = fetch(*lab_, {.port = row.port, .bytes = kStream, .patience = 1s});
    EXPECT_EQ(story.end, row.end);
    EXPECT_GE(story.bytes, row.least);
    EXPECT_LE(story.bytes, row.most);
    EXPECT_GE(way(Direction::down).delivered_packets, row.packets);
    EXPECT_GE(story.took, row.took);
  }
}

constexpr auto kForgets = 500ms;
constexpr auto kSilence = 700ms;

TEST_F(Impaired, ARouterThatForgetsBindsAnotherPortOrTheSame) {
  for (const bool rebinds : {true, false}) {
    SCOPED_TRACE(rebinds);
    shape({.nat = {.timeout = kForgets, .rebinds = rebinds}});
    DatagramPair pair(*lab_, {.marked = false});
    pair.send("a");
    EXPECT_EQ(pair.heard(1, 0ms), Texts{"a"});
    const auto before = pair.port_seen();
    pair.answer("in time");
    EXPECT_EQ(pair.answered(1, kSilence), Texts{"in time"});
    pair.answer("late");
    EXPECT_EQ(pair.answered(0), Texts{});
    EXPECT_EQ(way(Direction::down).dropped.at("nat"), 1U);
    pair.send("b");
    EXPECT_EQ(pair.heard(1, 0ms), Texts{"b"});
    EXPECT_EQ(pair.port_seen() != before, rebinds);
    pair.answer("again");
    EXPECT_EQ(pair.answered(1), Texts{"again"});
  }
}

TEST_F(Impaired, ARouterThatForgetsCostsAConnectionUnlessItBindsTheSamePort) {
  for (const bool rebinds : {true, false}) {
    SCOPED_TRACE(rebinds);
    shape({.nat = {.timeout = kForgets, .rebinds = rebinds}});
    EXPECT_EQ(speak_after(*lab_, kSilence), rebinds ? StreamEnd::reset : StreamEnd::whole);
  }
}

link::Profile queue(link::QueuePolicy policy, bool marks) {
  link::Path path{.rate_bps = 2e6, .delay = 2ms, .marks = marks};
  path.queue = {.policy = policy, .codel_target = 5ms, .codel_interval = 30ms};
  return {.up = path, .down = path};
}

TEST_F(Impaired, CodelDropsFromAStreamThatAQueueHasRoomFor) {
  constexpr std::size_t kLong = 150'000;
  for (const auto policy : {link::QueuePolicy::drop_tail, link::QueuePolicy::codel}) {
    shape(queue(policy, false));
    EXPECT_EQ(fetch(*lab_, {.bytes = kLong, .patience = 2s}).bytes, kLong);
    const auto dropped = way(Direction::down).dropped;
    EXPECT_EQ(dropped.contains("codel"), policy == link::QueuePolicy::codel);
    EXPECT_EQ(dropped.size(), policy == link::QueuePolicy::codel ? 1U : 0U);
  }
}

// In one burst, 2 ms each on the line; another one, should the machine have torn it apart.
TEST_F(Impaired, CodelMarksThoseThatCanBeMarked) {
  constexpr int kMany = 60;
  std::ptrdiff_t marked = 0;
  for (int turn = 0; turn < 3 && marked == 0; ++turn) {
    shape(queue(link::QueuePolicy::codel, true));
    DatagramPair pair(*lab_, {.marked = true});
    for (int i = 0; i < kMany; ++i) pair.send(std::string(472, 'x'));
    const Texts heard = pair.heard(kMany);
    EXPECT_EQ(heard.size(), static_cast<std::size_t>(kMany));
    marked = std::ranges::count_if(heard, [](const auto& t) { return t.ends_with("CE"); });
    EXPECT_EQ(way(Direction::up).marked_packets, static_cast<std::uint64_t>(marked));
  }
  EXPECT_GT(marked, 0);
  EXPECT_LT(marked, kMany);
}

}  // namespace
}  // namespace rig::system
