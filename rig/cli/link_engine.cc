#include "cli/link_engine.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rig_error.h"
#include "cli/link_control.h"
#include "cli/paths.h"
#include "io/inet.h"
#include "shaping/capability.h"
#include "shaping/footprint.h"
#include "shaping/netem_link.h"
#include "shaping/packet_link.h"
#include "shaping/relay_link.h"

namespace rig::cli {
namespace {

using scenario::LinkEngine;
using scenario::LinkSpec;

shaping::Engine engine_kind(LinkEngine engine) {
  switch (engine) {
    case LinkEngine::relay:
      return shaping::Engine::relay;
    case LinkEngine::packets:
      return shaping::Engine::packets;
    case LinkEngine::netem:
      return shaping::Engine::netem;
  }
  return {};
}

shaping::Forward forward_of(const scenario::ForwardSpec& spec) {
  try {
    return {.protocol = spec.udp ? base::Protocol::udp : base::Protocol::tcp,
            .listen = io::resolve(spec.listen),
            .upstream = io::resolve(spec.to)};
  } catch (const base::UsageError& error) {
    if (spec.where.empty()) throw;
    throw base::UsageError(spec.where + ": " + error.what());
  }
}

std::unique_ptr<shaping::Link> relay_of(const LinkSpec& spec, io::Loop& loop,
                                        const EngineSettings& settings) {
  shaping::RelayLink::Settings relay;
  for (const auto& each : spec.forwards) relay.forwards.push_back(forward_of(each));
  relay.connection.mss = spec.mss;
  relay.line.seed = settings.seed;
  relay.line.course = settings.course;
  return std::make_unique<shaping::RelayLink>(loop, settings.profile, relay);
}

void undo_and_say() {
  for (const std::string& each : shaping::undo_left_behind(link_folder())) {
    fmt::print(stderr, "undone what a killed otarig had left: {}\n", each);
  }
}

}  // namespace

std::string link_folder() { return state_folder() / "links"; }

void refuse_beyond(const LinkSpec& spec, const link::Profile& profile) {
  const bool tcp = std::ranges::any_of(spec.forwards, [](const auto& each) { return !each.udp; });
  shaping::refuse_beyond(engine_kind(spec.engine), profile, tcp);
}

std::unique_ptr<shaping::Link> engine_of(const LinkSpec& spec, io::Loop& loop,
                                         const EngineSettings& settings) {
  undo_and_say();
  switch (spec.engine) {
    case LinkEngine::relay:
      return relay_of(spec, loop, settings);
    case LinkEngine::packets:
      return std::make_unique<shaping::PacketLink>(
          settings.profile, shaping::PacketLink::Settings{.board_side = spec.board_side,
                                                          .server_side = spec.server_side,
                                                          .footprints = link_folder(),
                                                          .seed = settings.seed,
                                                          .course = settings.course});
    case LinkEngine::netem:
      return std::make_unique<shaping::NetemLink>(
          settings.profile, shaping::NetemLink::Settings{.board_side = spec.board_side,
                                                         .server_side = spec.server_side,
                                                         .footprints = link_folder()});
  }
  return {};
}

std::string in_words(const LinkSpec& spec, const shaping::Link& link) {
  const auto* relay = dynamic_cast<const shaping::RelayLink*>(&link);
  if (relay == nullptr) {
    return fmt::format("{}: board at {}, server at {}", name_of(spec.engine), spec.board_side,
                       spec.server_side);
  }
  std::vector<std::string> ports;
  const auto listening = relay->listening();
  for (std::size_t i = 0; i < listening.size(); ++i) {
    ports.push_back(fmt::format("{} on {} to {}", spec.forwards[i].udp ? "UDP" : "TCP",
                                io::to_text(listening[i]), spec.forwards[i].to));
  }
  return fmt::format("relay: {}", fmt::join(ports, ", "));
}

board::LinkOpener link_opener_of(const scenario::BenchBoard& board, link::Profile profile,
                                 std::uint64_t seed) {
  return [spec = *board.link, name = board.name, profile = std::move(profile), seed](
             io::Loop& loop, shaping::Course course) -> std::unique_ptr<shaping::Link> {
    refuse_taken_name(name);
    auto engine =
        engine_of(spec, loop, {.profile = profile, .seed = seed, .course = std::move(course)});
    return std::make_unique<ControlledLink>(loop, name, std::move(engine));
  };
}

}  // namespace rig::cli
