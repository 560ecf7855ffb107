// The shaped path between a board's modem and the update server, in either clock: packets in,
// packets out later or never. Pure: it is handed `now`, keeps no clock and no descriptor, and is
// copied with the world. It is not a TCP model, and it looks into payloads only where an impairment
// says so.
//
// Why it behaves as it does:
// - No free burst. A token bucket passes its bucket at wire speed first, which a slow radio never
//   does; here every packet takes its own time on the line, the first one too.
// - Nothing is pre-empted: a 40-byte packet behind a 1500-byte one at 320 bit/s waits 37.5 s, and a
//   change of the profile does not touch the packet on the line.
// - A packet that is lost was sent first: it spends its time on the line, as on a radio, so loss
//   costs throughput. A packet offered in an outage, or to a full queue, spends none.
// - The queue holds packets whose first bit has not been sent. The one on the line is not in it,
//   nor are those under way; so a delay of minutes never fills it.
// - Jitter moves arrivals apart but keeps their order, as one radio bearer does, unless told not
// to.
// - Each direction draws its own random numbers, two per packet that reaches the queue, so that
//   traffic one way never changes the fate of traffic the other way.
//
// On its way a packet passes the outages, the NAT table, the impairments (treatment.h) in their
// order, the MTU, the queue and the line (lane.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/network.h"
#include "base/time.h"
#include "link/delivery.h"
#include "link/lane.h"
#include "link/meter.h"
#include "link/nat.h"
#include "link/packet_log.h"
#include "link/profile.h"
#include "link/treatment.h"
#include "link/window.h"

namespace rig::link {

// "no-downlink on", "no-downlink off", "profile gprs": for the timeline.
struct Change {
  base::Instant at{};
  std::string text;
};

// Wire bytes delivered in one direction since count_from_here().
struct ByteCount {
  base::Direction direction{};
  std::uint64_t bytes{};
};

class ShapedLink {
 public:
  // A profile outside the ranges of profile.h is a programming error (RIG_ASSERT); whoever reads
  // one from a file checks it first.
  ShapedLink(Profile profile, std::uint64_t seed);

  // `now` must not go back between calls.
  void send(base::Direction direction, base::Packet packet, base::Instant now);
  // Everything that has arrived by `now`, in order of arrival; at the same instant, up first.
  [[nodiscard]] std::vector<Delivery> release_due(base::Instant now);
  // When to call release_due(): the next arrival, or the next instant at which something changes
  // by itself; empty when nothing is under way.
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  // Losses since the last call.
  [[nodiscard]] std::vector<Drop> take_drops();
  // Impairments that came into force or ceased, and new profiles, since the last call.
  [[nodiscard]] std::vector<Change> take_changes();
  // Wire bytes delivered so far.
  [[nodiscard]] std::uint64_t delivered_bytes(base::Direction direction) const;

  // The phase of the update, and where its bytes count from, for the windows of impairments.
  void set_phase(const std::string& phase, base::Instant now);
  void count_from_here();
  [[nodiscard]] bool has_delivered(const ByteCount& count) const;
  // In place of the present one, from `now` on. What is on the line or under way stays as it is,
  // what waits in the queue stays there; counters of impairments begin anew.
  void set_profile(Profile profile, base::Instant now);
  [[nodiscard]] const Profile& profile() const { return profile_; }
  // The device's own port behind the one that a packet up has where the link ends: itself, unless
  // a router of the profile has given it another one.
  [[nodiscard]] base::Endpoint inside(base::Protocol protocol,
                                      const base::Endpoint& outside) const {
    return treatment_.inside(protocol, bindings_.inside(protocol, outside));
  }

  [[nodiscard]] const Meter& meter() const { return meter_; }
  // From here on; before the first packet.
  void keep_log();
  [[nodiscard]] const std::optional<PacketLog>& log() const { return log_; }

 private:
  [[nodiscard]] Lane& lane(base::Direction direction);
  [[nodiscard]] bool in_outage(base::Instant now) const;
  [[nodiscard]] bool passes_nat(base::Direction direction, base::Packet& packet, base::Instant now);
  void treat(base::Direction direction, base::Packet packet, std::uint64_t id);
  void accept(base::Direction direction, Treated packet, std::uint64_t id);
  [[nodiscard]] std::uint64_t enter(base::Direction direction, const base::Packet& packet);
  void drop(Drop drop);
  void book_drops(std::size_t from);
  void advance(base::Instant now);
  void serve(base::Instant until);
  void apply_windows();
  void find_edge();
  [[nodiscard]] const Path& path_in_force(base::Direction direction) const;

  Profile profile_;
  std::uint64_t seed_;
  Lane up_;
  Lane down_;
  Treatment treatment_;
  NatTable bindings_;
  Conditions is_;
  std::uint64_t bytes_base_up_{0};
  std::uint64_t bytes_base_down_{0};
  std::vector<bool> open_;  // per impairment: its window, as last seen
  std::optional<base::Instant> edge_;
  std::uint64_t packets_{0};
  std::vector<Drop> drops_;
  std::vector<Change> changes_;
  Meter meter_;
  std::optional<PacketLog> log_;
};

}  // namespace rig::link
