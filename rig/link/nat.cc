#include "link/nat.h"

#include <algorithm>

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
    bindings_.push_back({packet.protocol, packet.source, packet.source.port, now});
    return;
  }
  if (nat.rebinds && now - binding->used >= nat.timeout) binding->outside = fresh_port();
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
  return true;
}

}  // namespace rig::link
