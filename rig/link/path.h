// One direction of a link as a person describes it: the line, the queue before it, what the way
// costs in time and in packets. Plain data; lane.h makes it happen, with the rules said there.
#pragma once

#include <cstdint>
#include <limits>
#include <variant>
#include <vector>

#include "base/time.h"
#include "link/trace.h"

namespace rig::link {

// What a packet weighs on the line beyond its own bytes.
struct Framing {
  std::uint32_t overhead_bytes{0};  // per packet: link-layer header, padding
  // The line carries whole cells only (ATM: 48 bytes and 5 more); 0 = no cells.
  std::uint32_t cell_bytes{0};
  std::uint32_t cell_overhead_bytes{0};

  [[nodiscard]] std::uint64_t line_bytes(std::uint64_t wire_bytes) const;
  bool operator==(const Framing&) const = default;
};

enum class QueuePolicy : std::uint8_t {
  drop_tail,  // what does not fit is dropped
  drop_head,  // the oldest make room for it
  codel,      // drop_tail, and packets that waited too long go on their way out: RFC 8289
};

// The packet on the line is not in the queue. Path::queue_packets is the limit in packets.
struct QueueLimits {
  std::uint64_t bytes{std::numeric_limits<std::uint64_t>::max()};  // wire bytes
  base::Duration length{};  // as long as the line, at its mean rate, takes for them; 0 = no limit
  QueuePolicy policy{QueuePolicy::drop_tail};
  base::Duration codel_target{std::chrono::milliseconds(5)};  // RFC 8289 section 4.3
  base::Duration codel_interval{std::chrono::milliseconds(100)};

  bool operator==(const QueueLimits&) const = default;
};

// What Path::jitter is a measure of.
enum class Spread : std::uint8_t {
  uniform,  // 0..jitter
  // The rest: a deviation with mean 0, jitter its standard deviation; a delay is never below 0.
  normal,
  pareto,         // shape 3, so most are a little early and few are very late
  pareto_normal,  // three quarters of the one and a quarter of the other
  table,          // drawn from JitterShape::table
};

struct JitterShape {
  Spread spread{Spread::uniform};
  double correlation{0};        // of one packet's deviation with the next one's, 0..1
  std::vector<double> table{};  // ascending quantiles, in units of jitter, of equal probability
  bool keeps_order{true};       // false: a later packet may arrive earlier

  bool operator==(const JitterShape&) const = default;
};

// Loss models; every probability 0..1. Path::loss is the simplest one and is there besides.
struct CorrelatedLoss {
  double loss{};         // in the long run
  double correlation{};  // of one packet's fate with the next one's
  bool operator==(const CorrelatedLoss&) const = default;
};
// Gilbert and Elliott: a good and a bad state, left with a probability per packet.
struct GilbertElliott {
  double enter{};  // good to bad
  double leave{};  // bad to good
  double loss_bad{1};
  double loss_good{0};
  bool operator==(const GilbertElliott&) const = default;
};
// Salsano's four states, as netem has them: 1 received, 2 received within a burst, 3 lost within a
// burst, 4 lost alone (back to 1 at once). pij: from state i to state j. A state that is entered is
// left: p31 > 0 where p13 > 0, p23 > 0 where p32 > 0.
struct FourState {
  double p13{};
  double p31{};
  double p32{};
  double p23{};
  double p14{};
  bool operator==(const FourState&) const = default;
};
using LossModel = std::variant<std::monostate, CorrelatedLoss, GilbertElliott, FourState>;

// The share of packets that a model loses in the long run.
[[nodiscard]] double mean_loss(const LossModel& model);

enum class Oversize : std::uint8_t {
  drop,           // and the drop tells the MTU, as ICMP "fragmentation needed" does
  black_hole,     // silently
  fragment,       // each weighs its own header and can be lost; all come with the last
  fragment_drop,  // fragmented, and a middlebox drops fragments
};

struct Path {
  double rate_bps{0};       // 0 = unlimited, or at least 0.001; to a thousandth
  base::Duration delay{};   // not negative
  base::Duration jitter{};  // not negative; in steps of 100 us
  double loss{0};           // probability per packet, 0..1
  std::uint32_t queue_packets{1000};
  Trace trace{};  // in place of rate_bps
  Framing framing{};
  QueueLimits queue{};
  JitterShape jitter_shape{};
  LossModel loss_model{};
  bool marks{false};     // a packet that can carry an ECN mark is marked instead of lost
  std::uint32_t mtu{0};  // wire bytes, at least 68 (RFC 791 section 3.2); 0 = no limit
  Oversize oversize{Oversize::drop};

  bool operator==(const Path&) const = default;
};

}  // namespace rig::link
