#include "shaping/udp_relay.h"

#include <algorithm>
#include <utility>

#include "base/rig_error.h"

namespace rig::shaping {
namespace {

using base::Direction;

constexpr std::uint64_t kUdpHeaders = 28;

// What the kernel refuses to send on (no route, too long) never comes out of a network either.
void send_on(io::UdpSocket& socket, const base::Endpoint& to, base::ByteView datagram) {
  try {
    (void)socket.send(to, datagram);
  } catch (const base::RigError&) {
  }
}

}  // namespace

UdpRelay::UdpRelay(io::Loop& loop, Line& line, Settings settings)
    : loop_(loop),
      line_(line),
      settings_(settings),
      socket_(loop, settings_.listen,
              [this](const base::Endpoint& from, base::ByteView datagram, io::Time at) {
                from_client(from, datagram, at);
              }) {}

UdpRelay::~UdpRelay() {
  for (const auto& [client, unused] : clients_) line_.close(flow_of(client));
  line_.stats().flows_open -= clients_.size();
}

Flow UdpRelay::flow_of(const base::Endpoint& client) const {
  return {.protocol = base::Protocol::udp, .device = client, .server = settings_.upstream};
}

void UdpRelay::from_client(const base::Endpoint& client, base::ByteView datagram, io::Time at) {
  if (!clients_.contains(client)) open(client);
  clients_[client].last = at;
  send(client, Direction::up, datagram);
}

void UdpRelay::from_server(const base::Endpoint& client, const base::Endpoint& server,
                           base::ByteView datagram) {
  if (server != clients_.at(client).server) return;  // a stranger, who found the port
  send(client, Direction::down, datagram);
}

void UdpRelay::send(const base::Endpoint& client, Direction direction, base::ByteView datagram) {
  if (!line_.has_datagram_room(direction, datagram.size() + kUdpHeaders)) {
    return line_.drop(direction, datagram.size() + kUdpHeaders);
  }
  base::Packet packet;
  packet.payload.assign(datagram.begin(), datagram.end());
  (void)line_.send(flow_of(client), direction, std::move(packet));
}

void UdpRelay::arrived(const base::Endpoint& client, Direction direction,
                       const base::Packet& packet) {
  if (direction == Direction::down) return send_on(socket_, client, packet.payload);
  Client& from = clients_.at(client);
  if (std::exchange(from.seen, packet.source) != packet.source) from.upstream = port_for(client);
  from.server = packet.destination;
  send_on(*from.upstream, from.server, packet.payload);
}

std::unique_ptr<io::UdpSocket> UdpRelay::port_for(const base::Endpoint& client) {
  return std::make_unique<io::UdpSocket>(
      loop_, base::Endpoint{},
      [this, client](const base::Endpoint& from, base::ByteView datagram, io::Time) {
        from_server(client, from, datagram);
      });
}

void UdpRelay::open(const base::Endpoint& client) {
  if (clients_.size() >= settings_.most_clients) forget_longest_silent();
  clients_[client] = {
      .upstream = port_for(client), .last = {}, .seen = client, .server = settings_.upstream};
  line_.open(flow_of(client), {.arrived =
                                   [this, client](Direction direction, const base::Packet& packet) {
                                     arrived(client, direction, packet);
                                   },
                               .room = {}});
  ++line_.stats().flows_open;
  ++line_.stats().flows_total;
}

void UdpRelay::forget_longest_silent() {
  const auto silent =
      std::ranges::min_element(clients_, {}, [](const auto& each) { return each.second.last; });
  line_.close(flow_of(silent->first));
  clients_.erase(silent);
  --line_.stats().flows_open;
}

}  // namespace rig::shaping
