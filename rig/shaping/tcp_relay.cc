#include "shaping/tcp_relay.h"

#include <utility>

namespace rig::shaping {

TcpRelay::TcpRelay(io::Loop& loop, Line& line, Settings settings)
    : loop_(loop),
      line_(line),
      settings_(settings),
      burial_(loop),
      listener_(loop, settings_.listen, [this](io::UniqueFd device, const base::Endpoint& peer) {
        accept(std::move(device), peer);
      }) {}

TcpRelay::~TcpRelay() { line_.stats().flows_open -= connections_.size(); }

void TcpRelay::accept(io::UniqueFd device, const base::Endpoint& peer) {
  const Flow flow{.protocol = base::Protocol::tcp, .device = peer, .server = settings_.upstream};
  Stats& stats = line_.stats();
  // A port that is used again while its old connection is being buried counts as one too many.
  if (connections_.size() >= settings_.most_connections || connections_.contains(flow)) {
    ++stats.flows_refused;
    return io::reset(device);
  }
  ++stats.flows_open;
  ++stats.flows_total;
  auto& connection = connections_[flow];
  connection = std::make_unique<TcpConnection>(loop_, line_, flow, std::move(device));
  connection->begin(settings_.connection, [this, flow] { over(flow); });
}

void TcpRelay::over(const Flow& flow) {
  dead_.push_back(flow);
  burial_.at(io::now(), [this](io::Time) { bury(); });
}

void TcpRelay::bury() {
  for (const Flow& flow : std::exchange(dead_, {})) {
    const auto found = connections_.find(flow);
    if (found == connections_.end()) continue;
    if (found->second->refused()) ++line_.stats().flows_refused;
    connections_.erase(found);
    --line_.stats().flows_open;
  }
}

}  // namespace rig::shaping
