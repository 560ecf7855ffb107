// The first field report in real time and shortened: an imp, the image server and the kernel's TCP
// in network namespaces of their own, the path between them in the hands of the packet engine (and
// of the relay, for the cure). What takes hours at 0.04 KB/s takes a second for an eighth of the
// image at 2,500 times the rate, with time-outs to match; a packet still takes milliseconds, so
// that a machine with other work keeps up. Skipped where namespaces cannot be made.
#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "base/rig_error.h"
#include "board/http_service.h"
#include "imp_fetch.h"
#include "io/loop.h"
#include "link/pcapng.h"
#include "scenario/fixtures.h"
#include "shaping/network_lab.h"
#include "shaping/packet_link.h"
#include "shaping/relay_link.h"

namespace rig::system {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using shaping::NetworkLab;

constexpr std::size_t kImage = 65'000;
constexpr double kShortened = 2'500;
constexpr std::uint16_t kImpPort = 80;
constexpr std::uint16_t kOtherPort = 8080;

link::Profile profile_named(const char* name) {
  return scenario::load_link(
      {.fixtures = OTARIG_SOURCE_DIR "/fixtures", .firmware = {}, .scenarios = {}}, name);
}

// The report's rate, shortened.
link::Profile crawl() {
  link::Profile profile = profile_named("crawl");
  for (link::Path* each : {&profile.up, &profile.down}) {
    each->rate_bps *= kShortened;
    each->delay = 1ms;
  }
  return profile;
}

// At that rate a pass takes this long, with the headers of its segments.
constexpr double kPass = kImage * (1 + 40.0 / 536) * 8 / (320 * kShortened);

// Where one imp lives: its network, its server, the path between them.
struct Place {
  explicit Place(io::Loop& loop, const ota::Catalogue& catalogue) {
    const io::InNetNamespace inside(lab.server());
    for (const std::uint16_t port : {kImpPort, kOtherPort}) {
      services.push_back(std::make_unique<board::HttpService>(
          loop, catalogue,
          board::HttpService::Settings{
              .http = {}, .listen = {NetworkLab::kServerAddress, port}, .begun = io::now()},
          [this](const ota::Trace& trace) { told += trace.text + "\n"; }));
    }
  }
  void shape(const link::Profile& profile) {
    const io::InNetNamespace inside(lab.middle());
    link.emplace(profile, shaping::PacketLink::Settings{.board_side = NetworkLab::kBoardSide,
                                                        .server_side = NetworkLab::kServerSide,
                                                        .course = {.keeps_packets = true}});
  }
  [[nodiscard]] const link::Meter::Way& down() {
    stats = link->stats();
    return stats.meter.way(Direction::down);
  }

  NetworkLab lab;
  std::string told;
  std::vector<std::unique_ptr<board::HttpService>> services;
  std::optional<shaping::PacketLink> link;
  shaping::Stats stats;
};

class RealTimeImp : public testing::Test {
 protected:
  void SetUp() override {
    base::Bytes image(kImage);
    for (std::size_t i = 0; i < kImage; ++i) image[i] = static_cast<std::uint8_t>(i * 7 % 253);
    whole_ = checksum_of(image.data(), image.size());
    catalogue_ = {{.function = ota::ModuleFunction::user, .version = 2, .image = std::move(image)}};
    try {
      place_.emplace(loop_, catalogue_);
    } catch (const base::RigError& error) {
      GTEST_SKIP() << error.what();
    }
  }

  // Every imp lives in a thread of its own, in its device's namespace; meanwhile the servers serve.
  std::vector<ImpStory> live(const std::vector<const Place*>& places, ImpSettings settings) {
    if (settings.server.empty()) settings.server = base::to_text(NetworkLab::kServerAddress);
    std::vector<ImpStory> stories(places.size());
    std::atomic<std::size_t> living{places.size()};
    std::vector<std::thread> imps;
    for (std::size_t i = 0; i < places.size(); ++i) {
      imps.emplace_back([&, i] {
        const io::InNetNamespace inside(places[i]->lab.device());
        stories[i] = run_imp(settings, power_);
        --living;
        loop_.post([] {});  // who waits there looks again
      });
    }
    EXPECT_TRUE(loop_.run_until([&] { return living == 0; }, 60s));
    for (std::thread& each : imps) each.join();
    return stories;
  }
  ImpStory live(const ImpSettings& settings) { return live({&*place_}, settings).front(); }

  ota::Catalogue catalogue_;
  std::uint32_t whole_{};
  io::Loop loop_;
  std::optional<Place> place_;
  ImpPower power_;
};

TEST_F(RealTimeImp, CrawlsAndArrivesWithPatience) {
  place_->shape(crawl());
  const ImpStory story = live({});
  ASSERT_TRUE(story.upgraded()) << story.tries.back().ended << "\n" << place_->told;
  EXPECT_EQ(story.tries.back().pass, 2);
  EXPECT_EQ(story.tries.back().bytes, kImage);
  EXPECT_EQ(story.tries.back().checksum, whole_);
  EXPECT_GT(story.took.count(), 2 * kPass);  // nothing comes before its time
  EXPECT_NE(place_->told.find("http GET /imp/2 answer=200 first=0 bytes=65000"), std::string::npos);
  // Its own measure: as fast as it was told, on average, but for what the host was late.
  EXPECT_NEAR(place_->down().rate_error(), 0, 0.05);
}

TEST_F(RealTimeImp, ATimeOutShorterThanAPassNeverEnds) {
  place_->shape(crawl());
  constexpr std::chrono::duration<double> kSession = 350ms;
  const ImpStory story = live({.session = 350ms, .tries = 3});
  ASSERT_EQ(story.tries.size(), 3U);
  for (const ImpTry& each : story.tries) {
    EXPECT_EQ(each.ended, "timeout");
    EXPECT_EQ(each.pass, 1);  // from zero, every time
    EXPECT_LT(each.bytes, kSession.count() / kPass * kImage);
    EXPECT_GT(each.bytes, 0U);
  }
}

TEST_F(RealTimeImp, CrawlsWithoutAnyLimitOfRate) {
  link::Profile lossy = profile_named("tail-loss");
  link::Profile whole = lossy;
  whole.impairments.clear();
  Place lossless(loop_, catalogue_);
  lossless.shape(whole);
  place_->shape(lossy);
  const auto stories =
      live({&lossless, &*place_}, {.session = 3000ms, .silence = 3000ms, .tries = 1});
  const ImpTry& fast = stories[0].tries.back();
  const ImpTry& slow = stories[1].tries.back();
  ASSERT_EQ(slow.ended, "timeout");
  // Six segments a round trip, and next to nothing: the tails cost retransmission time-outs.
  EXPECT_GT(fast.bytes, 20'000U);
  EXPECT_LT(slow.bytes, fast.bytes / 3);
  EXPECT_GT(place_->down().dropped.at("tail-loss"), 0U);
}

link::Profile intercepted() {
  link::Profile profile = profile_named("intercepted-80");
  profile.up.delay = 1ms;
  profile.down.delay = 1ms;
  return profile;
}

TEST_F(RealTimeImp, StallsWherePort80IsInterceptedAndNowhereElse) {
  place_->shape(intercepted());
  const ImpStory at_80 = live({.silence = 700ms, .tries = 2});
  for (const ImpTry& each : at_80.tries) {
    EXPECT_EQ(each.ended, "stalled");
    EXPECT_GT(each.bytes, 20'000U);
    EXPECT_LE(each.bytes, 27U * 1024);  // of the wire, headers too
  }
  EXPECT_TRUE(live({.port = kOtherPort}).upgraded()) << place_->told;
}

TEST_F(RealTimeImp, IsCuredByARelay) {
  place_->shape(intercepted());
  link::Profile umts = profile_named("umts");
  for (link::Path* each : {&umts.up, &umts.down}) {
    *each = {.rate_bps = each->rate_bps * 20, .delay = each->delay / 20};  // it loses no TCP
  }
  std::optional<shaping::RelayLink> relay;
  {
    const io::InNetNamespace inside(place_->lab.device());
    relay.emplace(loop_, umts,
                  shaping::RelayLink::Settings{
                      .forwards = {{.listen = {0x7F000001, 80},
                                    .upstream = {NetworkLab::kServerAddress, kOtherPort}}},
                      .connection = {.mss = 536}});
    // It connects when a device does, from the loop: in the namespace that this thread is in then.
    const ImpStory story = live({.server = "127.0.0.1"});
    ASSERT_TRUE(story.upgraded()) << story.tries.back().ended << "\n" << place_->told;
    EXPECT_EQ(story.tries.back().checksum, whole_);
  }
  EXPECT_EQ(relay->stats().flows_total, 2U);
  EXPECT_GT(place_->down().delivered_bytes, 2 * kImage);  // it did cross the intercepted path
}

TEST_F(RealTimeImp, IsKeptFromFinishingByPowerCycles) {
  place_->shape(crawl());
  io::Timer plug(loop_);
  int cycles = 0;
  const std::function<void()> cycle = [&] {
    plug.after(250ms, [&](io::Time) {
      power_.cut();
      plug.after(50ms, [&](io::Time) {
        power_.restore();
        if (++cycles < 4) cycle();
      });
    });
  };
  cycle();
  const ImpStory story = live({.tries = 4});
  EXPECT_FALSE(story.upgraded());
  for (const ImpTry& each : story.tries) {
    EXPECT_EQ(each.ended, "power");
    EXPECT_EQ(each.pass, 1);
  }
}

TEST_F(RealTimeImp, LeavesAPacketLogWithPhases) {
  place_->shape(profile_named("ideal"));
  place_->link->set_phase("downloading");
  ASSERT_TRUE(live({.window_segments = 40}).upgraded()) << place_->told;
  const auto log = place_->link->end();
  const auto delivered = place_->down().delivered_packets;
  ASSERT_TRUE(log);
  std::uint64_t logged = 0;
  for (const link::LoggedPacket& each : log->packets()) {
    EXPECT_EQ(each.phase, "downloading");
    logged += each.direction == Direction::down && each.arrived ? 1 : 0;
  }
  EXPECT_EQ(logged, delivered);
  const base::Bytes file = link::pcapng_of(*log, "verdict=survived-new");
  EXPECT_NE(base::as_text(file).find("phase=downloading delivered after"), std::string::npos);
}

}  // namespace
}  // namespace rig::system
