// One direction of a link: queue, line, delay, loss. A value; `now` never goes back.
//
// A packet's fate (lost, how late) is drawn when it is accepted, two numbers from the lane's own
// generator for each; the models of chance.h have generators of their own. Packets begin on the
// line lazily, whenever anybody asks what time it is, at the very instants at which they would have
// begun had somebody asked all the time; so it does not matter how often or how late that is.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/network.h"
#include "base/random.h"
#include "base/time.h"
#include "link/chance.h"
#include "link/delivery.h"
#include "link/line.h"
#include "link/packet_queue.h"
#include "link/path.h"

namespace rig::link {

struct Offer {
  base::Packet packet;
  base::Duration late{};  // on top of the path's
  bool overtaken{false};
  bool lost{false};
  std::uint64_t id{};
};

class Lane {
 public:
  Lane(base::Direction direction, const Path& path, std::uint64_t seed);

  // Another path from here on; what is on the line or under way is not touched, what waits stays.
  // Call serve() first.
  void set_path(const Path& path) { path_ = path; }
  [[nodiscard]] const Path& path() const { return path_; }

  // The probability, in the long run, with which chance loses such a packet; 0 where it was refused
  // or lost before chance had a say, or would be marked instead.
  double offer(Offer offer, base::Instant now, std::vector<Drop>& drops);
  // Puts on the line what begins before `until`.
  void serve(base::Instant until, std::vector<Drop>& drops);
  // Arrived by `now`, in order; serve() first.
  void collect(base::Instant now, std::vector<Delivery>& out);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::uint64_t delivered_bytes() const { return delivered_; }

 private:
  [[nodiscard]] bool make_room(std::uint64_t wire_bytes, base::Instant now,
                               std::vector<Drop>& drops);
  [[nodiscard]] double loss_asked(std::uint64_t pieces) const;
  [[nodiscard]] Queued drawn(Offer offer, std::uint64_t pieces, base::Instant now);
  void transmit(Queued packet);
  void dropped(const Queued& packet, base::Instant at, const char* reason,
               std::vector<Drop>& drops) const;

  base::Direction direction_;
  Path path_;
  base::Random random_;
  LossChance loss_;
  DelayChance delay_;
  Line line_;
  PacketQueue queue_;
  Codel codel_;
  base::Instant last_arrival_{};
  std::deque<Delivery> in_transit_;  // in order of arrival
  bool loose_{false};                // arrivals may not be in order
  std::uint64_t delivered_{0};
};

}  // namespace rig::link
