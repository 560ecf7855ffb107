// The seam `Link`: a shaped path in real time, whatever carries it out. Attached in its
// constructor, detached in its destructor: everything it changed on the machine is as before then.
//
// Three engines stand behind it, each driven by the one pure model of rig/link or checked against
// it: a relay of TCP and UDP ports (no privileges), packets between two interfaces, the kernel's
// netem. What each can express: capability.h.
#pragma once

#include <cstdint>
#include <string>

#include "link/shaped_link.h"

namespace rig::shaping {

struct Stats {
  std::string engine;   // "relay", "packets", "netem"
  std::string profile;  // its name
  base::Duration running{};
  // Departures as they were, on this machine; drops of the engine's own besides the model's:
  // "interface busy", "host too slow", "damaged".
  link::Meter meter{};
  std::uint64_t flows_open{0};  // relay: connections and UDP clients
  std::uint64_t flows_total{0};
  std::uint64_t flows_refused{0};  // over the limit, or upstream could not be reached
};

class Link {
 public:
  virtual ~Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // From now on; what is under way arrives as it was promised. Throws base::UsageError for what the
  // engine cannot express (nothing has changed then), base::RigError when the machine refuses.
  virtual void set(const link::Profile& profile) = 0;
  [[nodiscard]] virtual Stats stats() const = 0;

 protected:
  Link() = default;
};

}  // namespace rig::shaping
