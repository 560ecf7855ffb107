#include "link/shaped_link.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/assert.h"
#include "base/random.h"

namespace rig::link {

using base::Direction;
using base::Duration;
using base::Instant;

ShapedLink::ShapedLink(Profile profile, std::uint64_t seed)
    : profile_(std::move(profile)),
      seed_(seed),
      up_(Direction::up, profile_.up, base::derived_seed(seed, "link up")),
      down_(Direction::down, profile_.down, base::derived_seed(seed, "link down")),
      treatment_(profile_.impairments, seed),
      open_(profile_.impairments.size()) {
  check(profile_);
  if (!profile_.impairments.empty()) edge_ = base::kCycleStart;
}

void ShapedLink::keep_log() {
  RIG_ASSERT(packets_ == 0);
  log_.emplace();
}

std::uint64_t ShapedLink::enter(Direction direction, const base::Packet& packet) {
  meter_.offered(direction, packet.wire_bytes());
  if (log_) {
    log_->offered(
        {.direction = direction, .offered = is_.now, .packet = packet, .phase = is_.phase});
  }
  return packets_++;
}

void ShapedLink::drop(Drop drop) {
  drops_.push_back(std::move(drop));
  book_drops(drops_.size() - 1);
}

void ShapedLink::book_drops(std::size_t from) {
  for (std::size_t i = from; i < drops_.size(); ++i) {
    meter_.dropped(drops_[i]);
    if (log_) log_->dropped(drops_[i]);
  }
}

void ShapedLink::send(Direction direction, base::Packet packet, Instant now) {
  advance(now);
  const std::uint64_t id = enter(direction, packet);
  const std::uint64_t size = packet.wire_bytes();
  if (in_outage(now)) return drop({direction, now, size, "outage", 0, id});
  if (!passes_nat(direction, packet, now)) return drop({direction, now, size, "nat", 0, id});
  if (profile_.impairments.empty()) return accept(direction, {.packet = std::move(packet)}, id);
  treat(direction, std::move(packet), id);
}

bool ShapedLink::passes_nat(Direction direction, base::Packet& packet, Instant now) {
  if (profile_.nat.timeout == Duration::zero()) return true;
  if (direction == Direction::down) return bindings_.down(profile_.nat, packet, now);
  bindings_.up(profile_.nat, packet, now);
  return true;
}

// Copies and pieces are packets of their own; the first one keeps the identity of the original.
void ShapedLink::treat(Direction direction, base::Packet packet, std::uint64_t id) {
  bool first = true;
  auto batch = treatment_.treat(profile_.impairments, direction, std::move(packet), is_);
  for (Treated& each : batch) {
    const Direction way = !each.returned               ? direction
                          : direction == Direction::up ? Direction::down
                                                       : Direction::up;
    const bool original = !each.returned && std::exchange(first, false);
    const std::uint64_t number = original ? id : enter(way, each.packet);
    accept(way, std::move(each), number);
  }
}

void ShapedLink::accept(Direction direction, Treated packet, std::uint64_t id) {
  const std::uint64_t size = packet.packet.wire_bytes();
  if (packet.fate != Treated::Fate::passes) {
    drop({direction, is_.now, size, packet.reason, 0, id});
    if (packet.fate == Treated::Fate::vanished) return;
  }
  const std::size_t before = drops_.size();
  const double asked = lane(direction).offer({.packet = std::move(packet.packet),
                                              .late = packet.late,
                                              .overtaken = packet.overtaken,
                                              .lost = packet.fate == Treated::Fate::lost,
                                              .id = id},
                                             is_.now, drops_);
  meter_.chanced(direction, asked);
  book_drops(before);
}

std::vector<Delivery> ShapedLink::release_due(Instant now) {
  advance(now);
  std::vector<Delivery> out;
  up_.collect(now, out);
  const auto middle = static_cast<std::ptrdiff_t>(out.size());
  down_.collect(now, out);
  std::inplace_merge(out.begin(), out.begin() + middle, out.end(),
                     [](const Delivery& a, const Delivery& b) { return a.at < b.at; });
  for (const Delivery& each : out) {
    meter_.delivered(each, now);
    if (log_) log_->delivered(each);
  }
  if (!out.empty() && !profile_.impairments.empty()) apply_windows();
  return out;
}

std::optional<Instant> ShapedLink::wake_time() const {
  std::optional<Instant> next = edge_;
  for (const Lane* each : {&up_, &down_}) {
    const auto at = each->wake_time();
    if (at) next = next ? std::min(*next, *at) : *at;
  }
  return next;
}

std::vector<Drop> ShapedLink::take_drops() { return std::exchange(drops_, {}); }

std::vector<Change> ShapedLink::take_changes() { return std::exchange(changes_, {}); }

std::uint64_t ShapedLink::delivered_bytes(Direction direction) const {
  return (direction == Direction::up ? up_ : down_).delivered_bytes();
}

bool ShapedLink::has_delivered(const ByteCount& count) const {
  const bool up = count.direction == Direction::up;
  return delivered_bytes(count.direction) - (up ? bytes_base_up_ : bytes_base_down_) >= count.bytes;
}

Lane& ShapedLink::lane(Direction direction) { return direction == Direction::up ? up_ : down_; }

bool ShapedLink::in_outage(Instant now) const {
  return std::ranges::any_of(profile_.outages, [now](const Outage& outage) {
    return outage.from <= now && now < outage.until;
  });
}

void ShapedLink::serve(Instant until) {
  const std::size_t before = drops_.size();
  up_.serve(until, drops_);
  down_.serve(until, drops_);
  book_drops(before);
}

// What begins at an edge begins on the path behind it.
void ShapedLink::advance(Instant now) {
  while (edge_ && *edge_ <= now) {
    is_.now = std::max(is_.now, *edge_);
    serve(is_.now);
    apply_windows();
  }
  is_.now = now;
  serve(now + Duration(1));
}

void ShapedLink::apply_windows() {
  is_.up_bytes = up_.delivered_bytes() - bytes_base_up_;
  is_.down_bytes = down_.delivered_bytes() - bytes_base_down_;
  bool replaces = false;
  for (std::size_t i = 0; i < profile_.impairments.size(); ++i) {
    const Impairment& each = profile_.impairments[i];
    const bool open = is_open(each.when, is_);
    const Window always{.on = each.when.on, .off = each.when.off};
    if (open != open_[i] && each.when != always) {
      changes_.push_back({is_.now, each.name + (open ? " on" : " off")});
    }
    open_[i] = open;
    replaces = replaces || std::holds_alternative<Replace>(each.effect);
  }
  if (replaces) {
    up_.set_path(path_in_force(Direction::up));
    down_.set_path(path_in_force(Direction::down));
  }
  find_edge();
}

void ShapedLink::find_edge() {
  edge_.reset();
  for (const Impairment& each : profile_.impairments) {
    const bool beats = std::holds_alternative<Replace>(each.effect);
    const auto next = beats ? next_beat(each.when, is_.now) : next_edge(each.when, is_.now);
    if (next) edge_ = edge_ ? std::min(*edge_, *next) : *next;
  }
}

// The last one that holds wins.
const Path& ShapedLink::path_in_force(Direction direction) const {
  const bool up = direction == Direction::up;
  const Path* path = up ? &profile_.up : &profile_.down;
  for (const Impairment& each : profile_.impairments) {
    const auto* replace = std::get_if<Replace>(&each.effect);
    if (replace == nullptr || !holds(each.when, is_)) continue;
    const auto& other = up ? replace->up : replace->down;
    if (other) path = &*other;
  }
  return *path;
}

void ShapedLink::set_phase(const std::string& phase, Instant now) {
  if (phase == is_.phase) return;
  advance(now);
  is_.phase = phase;
  if (!profile_.impairments.empty()) apply_windows();
}

// Windows are looked at again the next time that anybody asks, which is at once.
void ShapedLink::count_from_here() {
  bytes_base_up_ = up_.delivered_bytes();
  bytes_base_down_ = down_.delivered_bytes();
  if (!profile_.impairments.empty()) edge_ = is_.now;
}

void ShapedLink::set_profile(Profile profile, Instant now) {
  check(profile);
  advance(now);
  profile_ = std::move(profile);
  treatment_ = Treatment(profile_.impairments, seed_);
  open_.assign(profile_.impairments.size(), false);
  changes_.push_back({now, "profile " + profile_.name});
  up_.set_path(profile_.up);
  down_.set_path(profile_.down);
  apply_windows();
}

}  // namespace rig::link
