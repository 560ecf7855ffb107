#include "link/packet_queue.h"

#include <cmath>
#include <utility>

namespace rig::link {
namespace {

using base::Duration;
using base::Instant;

// A queue of one full packet is not standing: RFC 8289 section 4.4.
constexpr std::uint64_t kFullPacket = 1500;

// Instead of dropping it, where both ends can be told.
bool mark(Queued& packet) {
  if (packet.packet.ecn == base::kNotEcnCapable) return false;
  packet.packet.ecn = base::kCongestionExperienced;
  return true;
}

double mean_rate(const Path& path) {
  return path.trace.empty() ? path.rate_bps : path.trace.mean_rate_bps();
}

}  // namespace

void PacketQueue::push(Queued packet) {
  bytes_ += packet.packet.wire_bytes();
  packets_.push_back(std::move(packet));
}

Queued PacketQueue::pop() {
  Queued packet = std::move(packets_.front());
  packets_.pop_front();
  bytes_ -= packet.packet.wire_bytes();
  return packet;
}

bool PacketQueue::has_room(const Path& path, std::uint64_t wire_bytes) const {
  const std::uint64_t bytes = bytes_ + wire_bytes;
  const bool in_time =
      path.queue.length == Duration::zero() ||
      static_cast<double>(bytes) * 8 <= mean_rate(path) * base::to_seconds(path.queue.length);
  return packets_.size() < path.queue_packets && bytes <= path.queue.bytes && in_time;
}

Codel::Candidate Codel::take(PacketQueue& queue, const QueueLimits& limits, Instant now) {
  if (queue.empty()) {
    above_since_.reset();
    return {};
  }
  Candidate candidate{.packet = queue.pop()};
  const bool good =
      now - candidate.packet->offered < limits.codel_target || queue.bytes() <= kFullPacket;
  if (good) {
    above_since_.reset();
  } else if (!above_since_) {
    above_since_ = now + limits.codel_interval;
  } else {
    candidate.may_go = now >= *above_since_;
  }
  return candidate;
}

Instant Codel::following(Instant at, const QueueLimits& limits) const {
  const auto interval = static_cast<double>(limits.codel_interval.count());
  return at + Duration(std::llround(interval / std::sqrt(count_)));
}

// Starts near the rate that was needed the last time, when that is not long ago.
void Codel::begin_dropping(const QueueLimits& limits, Instant now) {
  const std::uint32_t needed = count_ - last_count_;
  const bool recent = now - drop_next_ < 16 * limits.codel_interval;
  dropping_ = true;
  count_ = needed > 1 && recent ? needed : 1;
  drop_next_ = following(now, limits);
  last_count_ = count_;
}

std::optional<Queued> Codel::next(PacketQueue& queue, const Path& path, Instant now,
                                  std::vector<Queued>& dropped) {
  Candidate candidate = take(queue, path.queue, now);
  const auto let_go = [&] {
    if (path.marks && mark(*candidate.packet)) return false;
    dropped.push_back(std::move(*candidate.packet));
    candidate = take(queue, path.queue, now);
    return true;
  };
  if (!dropping_) {
    if (candidate.may_go) {
      (void)let_go();
      begin_dropping(path.queue, now);
    }
    return std::move(candidate.packet);
  }
  dropping_ = candidate.may_go;
  while (dropping_ && now >= drop_next_) {
    ++count_;
    const bool gone = let_go();
    dropping_ = candidate.may_go;
    if (dropping_) drop_next_ = following(drop_next_, path.queue);
    if (!gone) break;
  }
  return std::move(candidate.packet);
}

}  // namespace rig::link
