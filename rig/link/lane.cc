#include "link/lane.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace rig::link {
namespace {

using base::Direction;
using base::Duration;
using base::Instant;

constexpr std::uint64_t kIpHeader = 20;

// RFC 791 section 3.2: every fragment but the last carries a multiple of eight bytes.
std::uint64_t fragments(std::uint64_t wire_bytes, std::uint64_t mtu) {
  const std::uint64_t each = (mtu - kIpHeader) / 8 * 8;
  return (wire_bytes - kIpHeader + each - 1) / each;
}

}  // namespace

Lane::Lane(Direction direction, const Path& path, std::uint64_t seed)
    : direction_(direction),
      path_(path),
      random_(seed),
      loss_(base::derived_seed(seed, "loss")),
      delay_(base::derived_seed(seed, "delay")) {}

void Lane::dropped(const Queued& packet, Instant at, const char* reason,
                   std::vector<Drop>& drops) const {
  if (packet.lost) return;  // that was said when it was offered
  drops.push_back({direction_, at, packet.packet.wire_bytes(), reason, 0, packet.id});
}

// Room is only a question while the line is busy.
bool Lane::make_room(std::uint64_t wire_bytes, Instant now, std::vector<Drop>& drops) {
  if (queue_.empty() && line_.free_at() <= now) return true;
  if (path_.queue.policy == QueuePolicy::drop_head) {
    while (!queue_.empty() && !queue_.has_room(path_, wire_bytes)) {
      dropped(queue_.pop(), now, "queue full", drops);
    }
  }
  return queue_.has_room(path_, wire_bytes);
}

double Lane::loss_asked(std::uint64_t pieces) const {
  const double all_pass = std::pow(1 - path_.loss, static_cast<double>(pieces));
  return 1 - all_pass * (1 - mean_loss(path_.loss_model));
}

// Two numbers for every packet, whatever the path makes of them. A packet in pieces needs them all.
Queued Lane::drawn(Offer offer, std::uint64_t pieces, Instant now) {
  const double loss =
      pieces == 1 ? path_.loss : 1 - std::pow(1 - path_.loss, static_cast<double>(pieces));
  const bool lost = random_.unit() < loss;
  const auto steps = static_cast<std::uint64_t>(path_.jitter / kJitterStep);
  Duration late = kJitterStep * static_cast<std::int64_t>(random_.below(steps + 1));
  const JitterShape& shape = path_.jitter_shape;
  if (shape.spread != Spread::uniform || shape.correlation != 0) {
    late = delay_.deviation(path_.jitter, shape);
  }
  const bool unlucky = loss_.lost(path_.loss_model);
  const std::uint64_t wire_bytes = offer.packet.wire_bytes();
  return {.packet = std::move(offer.packet),
          .offered = now,
          .line_bytes = path_.framing.line_bytes(wire_bytes + (pieces - 1) * kIpHeader),
          .late = late + offer.late,
          .lost = lost || unlucky || offer.lost,
          .overtaken = offer.overtaken,
          .id = offer.id};
}

double Lane::offer(Offer offer, Instant now, std::vector<Drop>& drops) {
  const std::uint64_t size = offer.packet.wire_bytes();
  const auto refuse = [&](const char* reason, std::uint32_t told_mtu) {
    drops.push_back({direction_, now, size, reason, told_mtu, offer.id});
    return 0.0;
  };
  const bool too_large = path_.mtu != 0 && size > path_.mtu;
  if (too_large && path_.oversize == Oversize::fragment_drop) return refuse("fragment", 0);
  if (too_large && path_.oversize != Oversize::fragment) {
    return refuse("mtu", path_.oversize == Oversize::drop ? path_.mtu : 0);
  }
  if (!make_room(size, now, drops)) return refuse("queue full", 0);
  const bool lost_already = offer.lost;
  const std::uint64_t pieces = too_large ? fragments(size, path_.mtu) : 1;
  const bool markable = path_.marks && offer.packet.ecn != base::kNotEcnCapable;
  const double asked = lost_already || markable ? 0 : loss_asked(pieces);
  Queued packet = drawn(std::move(offer), pieces, now);
  if (packet.lost && !lost_already) {
    if (markable) {
      packet.packet.ecn = base::kCongestionExperienced;
      packet.lost = false;
    } else {
      drops.push_back({direction_, now, size, kLostByChance, 0, packet.id});
    }
  }
  loose_ = loose_ || packet.overtaken;
  queue_.push(std::move(packet));
  serve(now + Duration(1), drops);
  return asked;
}

void Lane::serve(Instant until, std::vector<Drop>& drops) {
  while (!queue_.empty()) {
    const Instant begin = std::max(line_.free_at(), queue_.front().offered);
    if (begin >= until) return;
    if (path_.queue.policy != QueuePolicy::codel) {
      transmit(queue_.pop());
      continue;
    }
    std::vector<Queued> late;
    auto next = codel_.next(queue_, path_, begin, late);
    for (const Queued& each : late) dropped(each, begin, "codel", drops);
    if (next) transmit(std::move(*next));
  }
}

void Lane::transmit(Queued packet) {
  const Instant departed = line_.depart(path_, packet.line_bytes, packet.offered);
  if (packet.lost) return;
  Instant at = departed + std::max(path_.delay + packet.late, Duration::zero());
  if (path_.jitter_shape.keeps_order && !packet.overtaken) {
    at = last_arrival_ = std::max(last_arrival_, at);
  }
  const auto behind = std::ranges::upper_bound(in_transit_, at, {}, &Delivery::at);
  in_transit_.insert(behind, {direction_, at, std::move(packet.packet), packet.id});
}

void Lane::collect(Instant now, std::vector<Delivery>& out) {
  while (!in_transit_.empty() && in_transit_.front().at <= now) {
    delivered_ += in_transit_.front().packet.wire_bytes();
    out.push_back(std::move(in_transit_.front()));
    in_transit_.pop_front();
  }
}

// Where arrivals keep the order of departures, nothing that waits can arrive before what is under
// way; otherwise somebody must look when the next one begins.
std::optional<Instant> Lane::wake_time() const {
  std::optional<Instant> next;
  if (!in_transit_.empty()) next = in_transit_.front().at;
  if (queue_.empty()) return next;
  const Instant begin = std::max(line_.free_at(), queue_.front().offered);
  if (loose_ || !path_.jitter_shape.keeps_order || path_.queue.policy == QueuePolicy::codel) {
    return next ? std::min(*next, begin) : begin;
  }
  if (next) return next;
  Line line = line_;
  for (const Queued& each : queue_.packets()) {
    const Instant departed = line.depart(path_, each.line_bytes, each.offered);
    if (!each.lost) {
      return std::max(last_arrival_,
                      departed + std::max(path_.delay + each.late, Duration::zero()));
    }
  }
  return std::nullopt;
}

}  // namespace rig::link
