// otarig link shape, relay, packets, netem: shapes a real path until it is told to stop, and says
// how well it did.
#include <fmt/format.h>

#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/link_control.h"
#include "cli/link_engine.h"
#include "cli/paths.h"
#include "io/signals.h"
#include "io/timer.h"
#include "scenario/bench.h"
#include "scenario/fixtures.h"

namespace rig::cli {
namespace {

using scenario::LinkEngine;
using scenario::LinkSpec;

constexpr io::Duration kShowEvery = std::chrono::seconds(5);

void show(const shaping::Stats& stats) {
  fmt::print(stderr, "{:.0f} s, {}: {}\n", base::to_seconds(stats.running), stats.profile,
             link::to_text(stats.meter));
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

// Ctrl-C is how it ends: no interruption, and exit code 0.
void LinkCommand::carry(Invocation& invocation, const LinkSpec& spec) const {
  const link::Profile profile = profile_named(invocation, profile_);
  if (!name_.empty()) refuse_taken_name(name_);
  io::Loop loop;
  auto link = engine_of(spec, loop, {.profile = profile, .seed = seed_, .course = {}});
  const std::string what = in_words(spec, *link);
  if (!name_.empty()) {
    link = std::make_unique<ControlledLink>(loop, name_, std::move(link));
  }
  fmt::print(stderr, "{}, profile {}\n", what, profile_);
  const io::Signals signals(loop, {SIGINT, SIGTERM, SIGHUP}, [&loop](int) { loop.stop(); });
  const Ticker ticker(loop, *link);
  if (seconds_ > 0) {
    loop.run_for(std::chrono::duration_cast<io::Duration>(std::chrono::duration<double>(seconds_)));
  } else {
    loop.run();
  }
  const shaping::Stats stats = link->stats();
  show(stats);
  if (invocation.json) fmt::print("{}\n", json_of(stats).dump(2));
}

void LinkCommand::board(Invocation& invocation) {
  const auto bench = scenario::load_bench(find_bench(invocation.bench));
  const auto& board = scenario::board_named(bench, name_);
  if (!board.link) {
    throw base::UsageError(fmt::format(
        "{}: board '{}' has no link; write link: {{engine: packets, board_side: eth1, server_side: "
        "eth2}}, or {{engine: relay, forwards: [{{listen: ':80', to: 'server.example:80'}}]}}",
        bench.file.string(), board.name));
  }
  name_ = board.name;
  carry(invocation, *board.link);
}

void LinkCommand::relay(Invocation& invocation) const {
  LinkSpec spec{.where = {},
                .engine = LinkEngine::relay,
                .board_side = {},
                .server_side = {},
                .forwards = {{.where = {}, .udp = udp_, .listen = listen_, .to = to_}},
                .mss = mss_};
  carry(invocation, spec);
}

void LinkCommand::between(Invocation& invocation, const std::string& engine) const {
  carry(invocation, {.where = {},
                     .engine = engine == "netem" ? LinkEngine::netem : LinkEngine::packets,
                     .board_side = board_side_,
                     .server_side = server_side_,
                     .forwards = {}});
}

}  // namespace rig::cli
