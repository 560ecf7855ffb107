// The packets of one direction whose first bit has not been sent, in order. Knows their number and
// bytes; who may come in and who leaves early is decided by its limits and, on the way out, CoDel.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/network.h"
#include "base/time.h"
#include "link/path.h"

namespace rig::link {

struct Queued {
  base::Packet packet;
  base::Instant offered{};
  std::uint64_t line_bytes{};
  base::Duration late{};  // beyond the path's delay; may be negative
  bool lost{false};       // on its way: it takes its time on the line and is not heard
  bool overtaken{false};  // others need not wait for it
  std::uint64_t id{};
};

class PacketQueue {
 public:
  [[nodiscard]] bool empty() const { return packets_.empty(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] const Queued& front() const { return packets_.front(); }
  [[nodiscard]] const std::deque<Queued>& packets() const { return packets_; }

  void push(Queued packet);
  [[nodiscard]] Queued pop();
  // Whether one more of so many wire bytes is within the limits of the path.
  [[nodiscard]] bool has_room(const Path& path, std::uint64_t wire_bytes) const;

 private:
  std::deque<Queued> packets_;
  std::uint64_t bytes_{0};
};

// Controlled delay, RFC 8289 section 5: packets that waited longer than the target are dropped (or
// marked), one at first and the next ones sooner and sooner, once the wait has not been below the
// target for an interval.
class Codel {
 public:
  // The packet to send at `now`, from a queue that is not empty; empty when none is left.
  [[nodiscard]] std::optional<Queued> next(PacketQueue& queue, const Path& path, base::Instant now,
                                           std::vector<Queued>& dropped);

 private:
  struct Candidate {
    std::optional<Queued> packet;
    bool may_go{false};
  };
  [[nodiscard]] Candidate take(PacketQueue& queue, const QueueLimits& limits, base::Instant now);
  [[nodiscard]] base::Instant following(base::Instant at, const QueueLimits& limits) const;
  void begin_dropping(const QueueLimits& limits, base::Instant now);

  std::optional<base::Instant> above_since_;  // an interval later, in fact
  base::Instant drop_next_{};
  std::uint32_t count_{0};
  std::uint32_t last_count_{0};
  bool dropping_{false};
};

}  // namespace rig::link
