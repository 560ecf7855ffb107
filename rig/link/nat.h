// A router's table of bindings (RFC 4787): endpoint-independent, refreshed by what goes up. A
// packet down without a live binding is lost; that is how a device behind a short time-out stops
// being reachable without noticing.
#pragma once

#include <cstdint>
#include <vector>

#include "base/network.h"
#include "base/time.h"
#include "link/profile.h"

namespace rig::link {

class NatTable {
 public:
  // Translates in place. Down: false when nobody is behind that port any more.
  void up(const Nat& nat, base::Packet& packet, base::Instant now);
  [[nodiscard]] bool down(const Nat& nat, base::Packet& packet, base::Instant now);

 private:
  struct Binding {
    base::Protocol protocol{};
    base::Endpoint inside;
    std::uint16_t outside{};  // port; the address is the device's own, for the server's sake
    base::Instant used{};
  };
  [[nodiscard]] std::uint16_t fresh_port();

  std::vector<Binding> bindings_;
  std::uint16_t last_port_{49'999};
};

}  // namespace rig::link
