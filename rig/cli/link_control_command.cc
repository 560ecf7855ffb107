// otarig link show, set, clear: speaks to the engines that run.
#include <fmt/format.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/link_control.h"
#include "cli/link_engine.h"
#include "cli/paths.h"
#include "io/loop.h"
#include "io/signals.h"
#include "scenario/fixtures.h"
#include "shaping/footprint.h"

namespace rig::cli {
namespace {

using nlohmann::json;

std::string way_in_words(const json& way) {
  std::string text =
      fmt::format("{} of {} packets, {} bytes", way.at("delivered_packets").dump(),
                  way.at("offered_packets").dump(), way.at("delivered_bytes").dump());
  for (const auto& [reason, count] : way.at("dropped").items()) {
    text += fmt::format(", {} {}", reason, count.dump());
  }
  if (way.at("late_max_us").get<double>() > 0) {
    text +=
        fmt::format(", late by p50 {:.0f} p99 {:.0f} most {:.0f} us, rate off by {:.3f} %",
                    way.at("late_p50_us").get<double>(), way.at("late_p99_us").get<double>(),
                    way.at("late_max_us").get<double>(), way.at("rate_error").get<double>() * 100);
  }
  return text;
}

void print_figures(const std::string& name, const json& figures) {
  fmt::print("{}: {}, profile {}, {:.0f} s\n  up:   {}\n  down: {}\n", name,
             figures.at("engine").get<std::string>(), figures.at("profile").get<std::string>(),
             figures.at("seconds").get<double>(), way_in_words(figures.at("up")),
             way_in_words(figures.at("down")));
  std::fflush(stdout);
}

json ask_figures(const std::string& name) { return ask_link(name, {{"ask", "figures"}}); }

}  // namespace

void LinkControlCommand::show_all(Invocation& invocation) const {
  json all = json::object();
  for (const std::string& name : running_links()) all[name] = ask_figures(name);
  if (invocation.json) return fmt::print("{}\n", all.dump(2));
  for (const auto& [name, figures] : all.items()) print_figures(name, figures);
  if (all.empty()) fmt::print("no link is shaped now; start with otarig link shape BOARD\n");
}

void LinkControlCommand::show(Invocation& invocation) const {
  const auto once = [&] {
    if (board_.empty()) return show_all(invocation);
    const json figures = ask_figures(board_);
    if (invocation.json) return fmt::print("{}\n", figures.dump(2));
    print_figures(board_, figures);
  };
  once();
  if (every_ <= 0) return;
  io::Loop loop;
  bool stopped = false;
  const io::Signals signals(loop, {SIGINT, SIGTERM, SIGHUP}, [&](int) { stopped = true; });
  const auto pause =
      std::chrono::duration_cast<io::Duration>(std::chrono::duration<double>(every_));
  while (!loop.run_until([&] { return stopped; }, pause)) once();
}

// Looked at here as well: what is wrong with it is said before anybody is asked.
void LinkControlCommand::put(Invocation& invocation, const std::string& profile) const {
  const auto fixtures = std::filesystem::absolute(find_fixtures(invocation.fixtures, "."));
  const scenario::Library library{.fixtures = fixtures, .firmware = {}, .scenarios = {}};
  static_cast<void>(scenario::load_link(library, profile));
  const json figures =
      ask_link(board_, {{"ask", "set"}, {"fixtures", fixtures.string()}, {"profile", profile}});
  if (invocation.json) return fmt::print("{}\n", figures.dump(2));
  fmt::print("{}: {}, profile {} from now on\n", board_, figures.at("engine").get<std::string>(),
             profile);
}

void LinkControlCommand::set(Invocation& invocation) const { put(invocation, profile_); }

void LinkControlCommand::clear(Invocation& invocation) const {
  if (!board_.empty()) return put(invocation, "ideal");
  const auto undone = shaping::undo_left_behind(link_folder());
  if (invocation.json) return fmt::print("{}\n", json{{"undone", undone}}.dump(2));
  for (const std::string& each : undone) fmt::print("undone: {}\n", each);
  if (undone.empty()) fmt::print("nothing was left behind\n");
}

// What a trace cannot say (delay, loss) is left out, and said to be.
void LinkControlCommand::trace(Invocation& invocation) const {
  const scenario::Library library{
      .fixtures = find_fixtures(invocation.fixtures, "."), .firmware = {}, .scenarios = {}};
  const link::Profile profile = scenario::load_link(library, profile_);
  const link::Path& path = direction_ == "up" ? profile.up : profile.down;
  if (path.trace.empty() && path.rate_bps == 0) {
    throw base::UsageError("link profile '" + profile_ + "' has no limit of rate " + direction_ +
                           ": a trace would have no end; name one with a rate");
  }
  const auto even = link::even_trace(path.rate_bps);
  if (path.trace.empty() && !even) {
    throw base::UsageError("link profile '" + profile_ +
                           "': a trace carries 0.003 bit/s to 12 Gbit/s, in whole milliseconds");
  }
  const link::Trace trace = path.trace.empty() ? *even : path.trace;
  fmt::print("{}", link::write_trace(trace));
  fmt::print(stderr,
             "{:.3f} bit/s in {} opportunities of {} bytes; a trace has no delay and no loss\n",
             trace.mean_rate_bps(), trace.milliseconds.size(), trace.opportunity_bytes);
}

}  // namespace rig::cli
