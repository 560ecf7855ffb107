// What a link did and how well: packets and bytes per direction, losses per reason, and how far the
// instants at which packets were handed on lie from those that the model computed. In virtual time
// that error is zero; in real time it is what the host cost. Pure: fed by whoever holds the link.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/network.h"
#include "base/time.h"
#include "link/delivery.h"

namespace rig::link {

// Sizes of errors in octaves with 32 steps each: a quantile is right to 3 %, the greatest exact.
class ErrorSizes {
 public:
  void add(base::Duration size);  // not negative
  [[nodiscard]] base::Duration quantile(double share) const;
  [[nodiscard]] base::Duration most() const { return most_; }

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_{0};
  base::Duration most_{};
};

class Meter {
 public:
  struct Way {
    std::uint64_t offered_packets{0};
    std::uint64_t offered_bytes{0};
    std::uint64_t delivered_packets{0};
    std::uint64_t delivered_bytes{0};
    std::uint64_t marked_packets{0};
    double asked_losses{0};  // how many the path's chance takes of these packets, in the mean
    std::map<std::string, std::uint64_t> dropped{};  // packets by reason
    ErrorSizes late{};
    base::Instant first_ideal{};
    base::Instant first_actual{};
    base::Instant last_ideal{};
    base::Instant last_actual{};

    [[nodiscard]] std::uint64_t dropped_packets() const;
    // Shares of the packets offered, 0 without any: lost for whatever reason; lost by the path's
    // chance; and how many its profile asks chance to take.
    [[nodiscard]] double loss() const;
    [[nodiscard]] double applied_loss() const;
    [[nodiscard]] double asked_loss() const;
    // Deviation of the mean rate between the first and the last delivery from the ideal one, as a
    // fraction: 0.001 is 0.1 % too fast. 0 with fewer than two deliveries.
    [[nodiscard]] double rate_error() const;
  };

  void offered(base::Direction direction, std::uint64_t wire_bytes);
  // The path's chance decided about a packet that it loses with this probability, in the long run.
  void chanced(base::Direction direction, double loss) { of(direction).asked_losses += loss; }
  // Handed on at `actual`, which is not before delivery.at.
  void delivered(const Delivery& delivery, base::Instant actual);
  void dropped(const Drop& drop);

  [[nodiscard]] const Way& way(base::Direction direction) const {
    return ways_[static_cast<std::size_t>(direction)];
  }

 private:
  [[nodiscard]] Way& of(base::Direction direction) {
    return ways_[static_cast<std::size_t>(direction)];
  }
  std::array<Way, 2> ways_;
};

// "up 12 packets, 3400 bytes, 2 lost (14.3 %: loss 1, outage 1)", and the same for down; the times
// only where there is an error.
[[nodiscard]] std::string to_text(const Meter& meter);
// The same of one direction for programs: "offered=14 delivered=12 bytes=3400 lost=2 loss=0.1429
// applied_loss=0.0714 asked_loss=0.0200 marked=0 late_p50_us=13 late_p99_us=80 late_max_us=95
// rate_error_ppm=-12 dropped=loss:1,queue_full:1"; the last one only where there is a loss.
[[nodiscard]] std::string to_fields(const Meter::Way& way);

}  // namespace rig::link
