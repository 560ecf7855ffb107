// A router's table of bindings (RFC 4787): endpoint-independent, refreshed by what goes up, and of
// TCP by what comes down as well, which the device acknowledges at once. A packet down without a
// live binding is lost; that is how a device behind a short time-out stops being reachable without
// noticing.
#pragma once

#include <cstdint>
#include <vector>

#include "base/network.h"
#include "base/time.h"
#include "link/impairment.h"

namespace rig::link {

class NatTable {
 public:
  // Translates in place. Down: false when nobody is behind that port any more.
  void up(const Nat& nat, base::Packet& packet, base::Instant now);
  [[nodiscard]] bool down(const Nat& nat, base::Packet& packet, base::Instant now);
  // Who is behind what comes out of the router, now or before it gave another port; itself: nobody.
  [[nodiscard]] base::Endpoint inside(base::Protocol protocol, const base::Endpoint& outside) const;

 private:
  struct Binding {
    base::Protocol protocol{};
    base::Endpoint inside;
    std::uint16_t outside{};  // port; the address is the device's own, for the server's sake
    base::Instant used{};
    std::uint16_t before{};  // outside, before it was bound anew
  };
  [[nodiscard]] std::uint16_t fresh_port();

  std::vector<Binding> bindings_;
  std::uint16_t last_port_{49'999};
};

}  // namespace rig::link
