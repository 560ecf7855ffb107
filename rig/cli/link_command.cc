// otarig link: shapes a real path until it is told to stop, and says how well it did.
#include <fmt/format.h>

#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "io/inet.h"
#include "io/signals.h"
#include "io/timer.h"
#include "scenario/fixtures.h"
#include "scenario/library.h"
#include "shaping/capability.h"
#include "shaping/footprint.h"
#include "shaping/netem_link.h"
#include "shaping/packet_link.h"
#include "shaping/relay_link.h"

namespace rig::cli {
namespace {

using base::Direction;

constexpr io::Duration kShowEvery = std::chrono::seconds(5);

double microseconds(base::Duration length) {
  return std::chrono::duration<double, std::micro>(length).count();
}

void show(const shaping::Stats& stats) {
  fmt::print(stderr, "{:.0f} s, {}: {}\n", base::to_seconds(stats.running), stats.profile,
             link::to_text(stats.meter));
}

nlohmann::json json_of(const link::Meter::Way& way) {
  return {{"offered_packets", way.offered_packets},
          {"offered_bytes", way.offered_bytes},
          {"delivered_packets", way.delivered_packets},
          {"delivered_bytes", way.delivered_bytes},
          {"dropped", way.dropped},
          {"loss", way.loss()},
          {"late_p50_us", microseconds(way.late.quantile(0.5))},
          {"late_p99_us", microseconds(way.late.quantile(0.99))},
          {"late_max_us", microseconds(way.late.most())},
          {"rate_error", way.rate_error()}};
}

nlohmann::json json_of(const shaping::Stats& stats) {
  return {{"engine", stats.engine},
          {"profile", stats.profile},
          {"seconds", base::to_seconds(stats.running)},
          {"up", json_of(stats.meter.way(Direction::up))},
          {"down", json_of(stats.meter.way(Direction::down))},
          {"flows",
           {{"open", stats.flows_open},
            {"total", stats.flows_total},
            {"refused", stats.flows_refused}}}};
}

link::Profile profile_named(const Invocation& invocation, const std::string& name) {
  const scenario::Library library{
      .fixtures = find_fixtures(invocation.fixtures, "."), .firmware = {}, .scenarios = {}};
  return scenario::load_link(library, name);
}

// Every so often, and at the end.
class Ticker {
 public:
  Ticker(io::Loop& loop, const shaping::Link& link) : link_(link), timer_(loop) { wait(); }

 private:
  void wait() {
    timer_.after(kShowEvery, [this](io::Time) {
      show(link_.stats());
      wait();
    });
  }
  const shaping::Link& link_;
  io::Timer timer_;
};

}  // namespace

std::string link_footprints() { return state_folder() / "links"; }

// Ctrl-C is how it ends: no interruption, and exit code 0.
void LinkCommand::carry(Invocation& invocation, io::Loop& loop, shaping::Link& link) const {
  const io::Signals signals(loop, {SIGINT, SIGTERM, SIGHUP}, [&loop](int) { loop.stop(); });
  const Ticker ticker(loop, link);
  if (seconds_ > 0) {
    loop.run_for(std::chrono::duration_cast<io::Duration>(std::chrono::duration<double>(seconds_)));
  } else {
    loop.run();
  }
  const shaping::Stats stats = link.stats();
  show(stats);
  if (invocation.json) fmt::print("{}\n", json_of(stats).dump(2));
}

void LinkCommand::relay(Invocation& invocation) const {
  shaping::RelayLink::Settings settings;
  settings.forwards.push_back({.protocol = udp_ ? base::Protocol::udp : base::Protocol::tcp,
                               .listen = io::resolve(listen_),
                               .upstream = io::resolve(to_)});
  settings.connection.mss = mss_;
  settings.line.seed = seed_;
  io::Loop loop;
  shaping::RelayLink link(loop, profile_named(invocation, profile_), settings);
  fmt::print(stderr, "relay: {} on {} to {}, profile {}\n", udp_ ? "UDP" : "TCP",
             io::to_text(link.listening().front()), io::to_text(settings.forwards.front().upstream),
             profile_);
  carry(invocation, loop, link);
}

void LinkCommand::between(Invocation& invocation, shaping::Engine engine) const {
  for (const std::string& each : shaping::undo_left_behind(link_footprints())) {
    fmt::print(stderr, "undone what a killed otarig had left: {}\n", each);
  }
  const link::Profile profile = profile_named(invocation, profile_);
  io::Loop loop;
  std::unique_ptr<shaping::Link> link;
  if (engine == shaping::Engine::packets) {
    link = std::make_unique<shaping::PacketLink>(
        profile, shaping::PacketLink::Settings{.board_side = board_side_,
                                               .server_side = server_side_,
                                               .footprints = link_footprints(),
                                               .seed = seed_});
  } else {
    link = std::make_unique<shaping::NetemLink>(
        profile, shaping::NetemLink::Settings{.board_side = board_side_,
                                              .server_side = server_side_,
                                              .footprints = link_footprints()});
  }
  fmt::print(stderr, "{}: board at {}, server at {}, profile {}\n", shaping::name_of(engine),
             board_side_, server_side_, profile_);
  carry(invocation, loop, *link);
}

void LinkCommand::clear(Invocation& invocation) {
  const auto undone = shaping::undo_left_behind(link_footprints());
  if (invocation.json) {
    return fmt::print("{}\n", nlohmann::json{{"undone", undone}}.dump(2));
  }
  for (const std::string& each : undone) fmt::print("undone: {}\n", each);
  if (undone.empty()) fmt::print("nothing was left behind\n");
}

}  // namespace rig::cli
