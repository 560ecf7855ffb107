#include "link/nat.h"

#include <algorithm>
#include <utility>

namespace rig::link {

std::uint16_t NatTable::fresh_port() {
  last_port_ =
      last_port_ == 65'535 ? std::uint16_t{50'000} : static_cast<std::uint16_t>(last_port_ + 1);
  return last_port_;
}

void NatTable::up(const Nat& nat, base::Packet& packet, base::Instant now) {
  auto binding = std::ranges::find_if(bindings_, [&](const Binding& each) {
    return each.protocol == packet.protocol && each.inside == packet.source;
  });
  if (binding == bindings_.end()) {
    const std::uint16_t port = packet.source.port;
    bindings_.push_back({packet.protocol, packet.source, port, now, port});
    return;
  }
  if (nat.rebinds && now - binding->used >= nat.timeout) {
    binding->before = std::exchange(binding->outside, fresh_port());
  }
  binding->used = now;
  packet.source.port = binding->outside;
}

bool NatTable::down(const Nat& nat, base::Packet& packet, base::Instant now) {
  const auto binding = std::ranges::find_if(bindings_, [&](const Binding& each) {
    return each.protocol == packet.protocol && each.inside.address == packet.destination.address &&
           each.outside == packet.destination.port;
  });
  if (binding == bindings_.end() || now - binding->used >= nat.timeout) return false;
  packet.destination.port = binding->inside.port;
  if (packet.protocol == base::Protocol::tcp) binding->used = now;
  return true;
}

base::Endpoint NatTable::inside(base::Protocol protocol, const base::Endpoint& outside) const {
  for (const Binding& each : bindings_) {
    const bool same = each.protocol == protocol && each.inside.address == outside.address;
    if (same && (each.outside == outside.port || each.before == outside.port)) return each.inside;
  }
  return outside;
}

}  // namespace rig::link
