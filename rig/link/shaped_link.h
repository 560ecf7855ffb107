// The shaped path between a board's modem and the update server, in either clock: packets in,
// packets out later or never. Pure: it is handed `now`, keeps no clock and no descriptor, and is
// copied with the world. It is not a TCP model and does not look into payloads.
//
// Why it behaves as it does:
// - No free burst. A token bucket passes its bucket at wire speed first, which a slow radio never
//   does; here every packet takes its own time on the line, the first one too.
// - Nothing is pre-empted: a 40-byte packet behind a 1500-byte one at 320 bit/s waits 37.5 s.
// - A packet that is lost was sent first: it spends its time on the line, as on a radio, so loss
//   costs throughput. A packet offered in an outage, or to a full queue, spends none.
// - The queue holds packets whose first bit has not been sent. The one on the line is not in it,
//   nor are those under way; so a delay of minutes never fills it.
// - Jitter moves arrivals apart but keeps their order, as one radio bearer does.
// - Each direction draws its own random numbers, two per packet that reaches the line, so that
//   traffic one way never changes the fate of traffic the other way.
// - Departures are computed in thousandths of a bit per second with the remainder carried over, so
//   that a saturated line is exact to the nanosecond after any number of packets.
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
  double rate_bps{0};       // 0, or at least 0.001; to a thousandth
  base::Duration delay{};   // not negative
  base::Duration jitter{};  // 0..jitter is added to delay, uniform in steps of 100 us; not negative
  double loss{0};           // probability per packet, 0..1
  std::uint32_t queue_packets{1000};
};

// Half open: lost from `from` on, passed again from `until` on.
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
  base::Instant at{};  // when the packet was offered: its fate is settled then
  std::uint64_t wire_bytes{};
  std::string reason;  // "loss", "queue full", "outage"
};

class ShapedLink {
 public:
  // A profile outside the ranges above is a programming error (RIG_ASSERT); whoever reads one from
  // a file checks it first.
  ShapedLink(Profile profile, std::uint64_t seed);

  // `now` must not go back between calls.
  void send(base::Direction direction, base::Packet packet, base::Instant now);
  // Everything that has arrived by `now`, in order of arrival; at the same instant, up first.
  [[nodiscard]] std::vector<Delivery> release_due(base::Instant now);
  // The next arrival; empty when nothing is under way.
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  // Losses since the last call.
  [[nodiscard]] std::vector<Drop> take_drops();
  // Wire bytes delivered so far.
  [[nodiscard]] std::uint64_t delivered_bytes(base::Direction direction) const;

 private:
  struct Lane {
    Lane(const Path& path, std::uint64_t seed);

    std::uint64_t rate_mbps{};  // thousandths of a bit per second; 0 = unlimited
    base::Random random;
    base::Instant free_at{};                  // when the line has sent everything accepted so far
    std::uint64_t remainder{};                // of free_at, in 1/rate_mbps nanoseconds
    std::vector<base::Instant> queued_until;  // first bits not yet sent, ascending
    base::Instant last_arrival{};
    std::vector<Delivery> in_transit;  // in order of arrival
    std::uint64_t delivered{};

    [[nodiscard]] std::size_t waiting(base::Instant now);
    [[nodiscard]] base::Instant depart(std::uint64_t wire_bytes, base::Instant now);
  };
  [[nodiscard]] Lane& lane(base::Direction direction);
  [[nodiscard]] const Path& path(base::Direction direction) const;
  [[nodiscard]] bool in_outage(base::Instant now) const;
  void collect(Lane& from, base::Instant now, std::vector<Delivery>& out);

  Profile profile_;
  Lane up_;
  Lane down_;
  std::vector<Drop> drops_;
};

}  // namespace rig::link
