// The seam `Link`: a shaped path in real time, whatever carries it out. Attached in its
// constructor, detached in its destructor: everything it changed on the machine is as before then.
//
// Three engines stand behind it, each driven by the one pure model of rig/link or checked against
// it: a relay of TCP and UDP ports (no privileges), packets between two interfaces, the kernel's
// netem. What each can express: capability.h.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "link/shaped_link.h"
#include "shaping/departure_error.h"

namespace rig::shaping {

struct DirectionStats {
  std::uint64_t packets_in{0};  // offered to the link
  std::uint64_t bytes_in{0};    // wire bytes, as all here
  std::uint64_t packets_out{0};
  std::uint64_t bytes_out{0};
  std::map<std::string, std::uint64_t> drops{};  // packets, by the model's reason
  DepartureError departures{};
};

struct Stats {
  std::string engine;   // "relay", "packets", "netem"
  std::string profile;  // its name
  base::Duration running{};
  DirectionStats up{};
  DirectionStats down{};
  std::uint64_t flows_open{0};  // relay: connections and UDP clients
  std::uint64_t flows_total{0};
  std::uint64_t flows_refused{0};  // over the limit, or upstream could not be reached

  [[nodiscard]] DirectionStats& of(base::Direction direction) {
    return direction == base::Direction::up ? up : down;
  }
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
