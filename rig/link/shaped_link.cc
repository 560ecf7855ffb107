#include "link/shaped_link.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/assert.h"

namespace rig::link {
namespace {

using base::Direction;
using base::Duration;
using base::Instant;

// Finer chance tells nobody anything, and a timeline of such times does not compress.
constexpr Duration kJitterStep = std::chrono::microseconds(100);

// One bit takes 10^12 / rate_mbps nanoseconds.
constexpr std::uint64_t kBitNumerator = 1'000'000'000'000;
// Keeps bits * kBitNumerator plus a remainder within 64 bits; IPv4 ends at 65535.
constexpr std::uint64_t kMaximumWireBytes = 1'000'000;

void check(const Path& path) {
  RIG_ASSERT(path.rate_bps == 0 || (path.rate_bps >= 0.001 && path.rate_bps <= 1e12));
  RIG_ASSERT(path.delay >= Duration::zero() && path.jitter >= Duration::zero());
  RIG_ASSERT(path.loss >= 0 && path.loss <= 1);
}

}  // namespace

ShapedLink::Lane::Lane(const Path& path, std::uint64_t seed)
    : rate_mbps(static_cast<std::uint64_t>(std::llround(path.rate_bps * 1000))), random(seed) {}

std::size_t ShapedLink::Lane::waiting(Instant now) {
  const auto sending = std::ranges::upper_bound(queued_until, now);
  queued_until.erase(queued_until.begin(), sending);
  return queued_until.size();
}

Instant ShapedLink::Lane::depart(std::uint64_t wire_bytes, Instant now) {
  if (rate_mbps == 0) return now;
  RIG_ASSERT(wire_bytes <= kMaximumWireBytes);
  if (free_at <= now) {
    free_at = now;
    remainder = 0;
  } else {
    queued_until.push_back(free_at);
  }
  const std::uint64_t total = wire_bytes * 8 * kBitNumerator + remainder;
  free_at += Duration(static_cast<std::int64_t>(total / rate_mbps));
  remainder = total % rate_mbps;
  return free_at;
}

ShapedLink::ShapedLink(Profile profile, std::uint64_t seed)
    : profile_(std::move(profile)),
      up_(profile_.up, base::derived_seed(seed, "link up")),
      down_(profile_.down, base::derived_seed(seed, "link down")) {
  check(profile_.up);
  check(profile_.down);
}

void ShapedLink::send(Direction direction, base::Packet packet, Instant now) {
  const Path& limits = path(direction);
  Lane& to = lane(direction);
  const std::uint64_t size = packet.wire_bytes();
  if (in_outage(now)) {
    drops_.push_back({direction, now, size, "outage"});
    return;
  }
  const bool line_busy = to.rate_mbps != 0 && to.free_at > now;
  if (line_busy && to.waiting(now) >= limits.queue_packets) {
    drops_.push_back({direction, now, size, "queue full"});
    return;
  }
  const Instant departed = to.depart(size, now);
  const bool lost = to.random.unit() < limits.loss;
  const auto steps = static_cast<std::uint64_t>(limits.jitter / kJitterStep);
  const Duration late = kJitterStep * static_cast<std::int64_t>(to.random.below(steps + 1));
  if (lost) {
    drops_.push_back({direction, now, size, "loss"});
    return;
  }
  to.last_arrival = std::max(to.last_arrival, departed + limits.delay + late);
  to.in_transit.push_back({direction, to.last_arrival, std::move(packet)});
}

std::vector<Delivery> ShapedLink::release_due(Instant now) {
  std::vector<Delivery> out;
  collect(up_, now, out);
  const auto middle = static_cast<std::ptrdiff_t>(out.size());
  collect(down_, now, out);
  std::inplace_merge(out.begin(), out.begin() + middle, out.end(),
                     [](const Delivery& a, const Delivery& b) { return a.at < b.at; });
  return out;
}

std::optional<Instant> ShapedLink::wake_time() const {
  std::optional<Instant> next;
  for (const Lane* each : {&up_, &down_}) {
    if (each->in_transit.empty()) continue;
    const Instant at = each->in_transit.front().at;
    next = next ? std::min(*next, at) : at;
  }
  return next;
}

std::vector<Drop> ShapedLink::take_drops() { return std::exchange(drops_, {}); }

std::uint64_t ShapedLink::delivered_bytes(Direction direction) const {
  return direction == Direction::up ? up_.delivered : down_.delivered;
}

ShapedLink::Lane& ShapedLink::lane(Direction direction) {
  return direction == Direction::up ? up_ : down_;
}

const Path& ShapedLink::path(Direction direction) const {
  return direction == Direction::up ? profile_.up : profile_.down;
}

bool ShapedLink::in_outage(Instant now) const {
  return std::ranges::any_of(profile_.outages, [now](const Outage& outage) {
    return outage.from <= now && now < outage.until;
  });
}

void ShapedLink::collect(Lane& from, Instant now, std::vector<Delivery>& out) {
  const auto due =
      std::ranges::find_if(from.in_transit, [now](const Delivery& each) { return each.at > now; });
  for (auto each = from.in_transit.begin(); each != due; ++each) {
    from.delivered += each->packet.wire_bytes();
    out.push_back(std::move(*each));
  }
  from.in_transit.erase(from.in_transit.begin(), due);
}

}  // namespace rig::link
