// The shaped path between a board's modem and the update server, in either clock: packets in,
// packets out later or never. Pure: it is handed `now`, keeps no clock and no descriptor, and is
// copied with the world. It is not a TCP model and does not look into payloads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/network.h"
#include "base/random.h"
#include "base/time.h"

namespace rig::link {

// One direction. Rates are in bits per second with fractions (0.04 KB/s is 320), 0 = unlimited.
// Serialisation takes wire_bytes * 8 / rate without any free burst; a packet in transit is never
// pre-empted. Jitter never reorders.
struct Path {
  double rate_bps{0};
  base::Duration delay{};
  base::Duration jitter{};       // uniform 0..jitter added to delay
  double loss{0};                // probability per packet, 0..1
  std::uint32_t queue_packets{1000};
};

struct Outage {
  base::Instant from{};
  base::Instant until{};
};

struct Profile {
  std::string name{"ideal"};
  Path up;
  Path down;
  std::vector<Outage> outages;  // both directions lose every packet offered in here
};

struct Delivery {
  base::Direction direction{};
  base::Instant at{};
  base::Packet packet;
};

struct Drop {
  base::Direction direction{};
  base::Instant at{};
  std::uint64_t wire_bytes{};
  std::string reason;  // "loss", "queue full", "outage"
};

class ShapedLink {
 public:
  ShapedLink(Profile profile, std::uint64_t seed);

  void send(base::Direction direction, base::Packet packet, base::Instant now);
  // Everything that has arrived by `now`, in order of arrival.
  [[nodiscard]] std::vector<Delivery> release_due(base::Instant now);
  // The next arrival; empty when nothing is under way.
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  // Losses since the last call.
  [[nodiscard]] std::vector<Drop> take_drops();
  // Wire bytes delivered so far.
  [[nodiscard]] std::uint64_t delivered_bytes(base::Direction direction) const;

 private:
  struct Lane {
    base::Instant free_at{};
    base::Instant last_arrival{};
    std::vector<Delivery> in_transit;  // in order of arrival
    std::uint64_t delivered{};
  };
  [[nodiscard]] Lane& lane(base::Direction direction);
  [[nodiscard]] bool in_outage(base::Instant now) const;

  Profile profile_;
  base::Random random_;
  Lane up_;
  Lane down_;
  std::vector<Drop> drops_;
};

}  // namespace rig::link
