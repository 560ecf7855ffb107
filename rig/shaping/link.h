// The seam `Link`: a shaped path in real time, whatever carries it out. Attached in its
// constructor, detached in its destructor: everything it changed on the machine is as before then.
//
// Three engines stand behind it, each driven by the one pure model of rig/link or checked against
// it: a relay of TCP and UDP ports (no privileges), packets between two interfaces, the kernel's
// netem. What each can express: capability.h.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/time.h"
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

// Of which story a link is part: when that began, and whether anybody follows what the link does.
struct Course {
  // Instant zero of windows, outages and of what is told; absent: when the engine begins.
  std::optional<io::Time> begun{};
  bool keeps_packets{false};  // for Link::end()
  // There is something to take; once until it is taken, from any thread. Empty: nothing is told.
  std::function<void()> happened{};
};

// What has happened since it was last asked for; each list in order of time.
struct Happenings {
  std::vector<link::Change> changes{};  // impairments, profiles
  std::vector<link::Drop> drops{};
  bool reached{false};  // watch_bytes()
};

class Link {
 public:
  virtual ~Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // From now on; what is under way arrives as it was promised. Throws base::UsageError for what the
  // engine cannot express (nothing has changed then), base::RigError when the machine refuses.
  virtual void set(const link::Profile& profile) = 0;
  // The phase of the update and where its wire bytes count from, for the windows of impairments; an
  // engine that has no windows has no use for it.
  virtual void set_phase(const std::string& phase) { (void)phase; }
  virtual void count_from_here() {}
  // Tells when so many wire bytes have come out at the other end; empty: no longer. Throws
  // base::UsageError where packets do not pass through this process.
  virtual void watch_bytes(const std::optional<link::ByteCount>& count) = 0;

  [[nodiscard]] virtual Stats stats() const = 0;
  // Throws base::RigError when the engine has come to grief meanwhile.
  [[nodiscard]] virtual Happenings take_happenings() { return {}; }
  // Shaping is over, and where the packets passed through this process nothing passes any more. The
  // packets, where they were kept.
  virtual std::optional<link::PacketLog> end() { return std::nullopt; }

 protected:
  Link() = default;
};

}  // namespace rig::shaping
