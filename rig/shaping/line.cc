#include "shaping/line.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/random.h"

namespace rig::shaping {
namespace {

using base::Direction;
using base::Instant;

constexpr std::uint64_t kFullPacket = 1500;
constexpr std::array kDirections{Direction::up, Direction::down};

// The line pushes back before the model's queue is full; a datagram that finds no room is dropped
// here, under the same name.
void lift_queue_limits(link::Path& path) {
  path.queue_packets = std::numeric_limits<std::uint32_t>::max();
  path.queue.bytes = link::QueueLimits{}.bytes;
  path.queue.length = {};
}

link::Profile without_queue_limits(link::Profile profile) {
  lift_queue_limits(profile.up);
  lift_queue_limits(profile.down);
  for (link::Impairment& each : profile.impairments) {
    auto* other = std::get_if<link::Replace>(&each.effect);
    if (other != nullptr && other->up) lift_queue_limits(*other->up);
    if (other != nullptr && other->down) lift_queue_limits(*other->down);
  }
  return profile;
}

std::uint64_t room_of(const link::Path& path, std::uint64_t memory) {
  if (path.rate_bps == 0) return memory;
  const double bytes_s = path.rate_bps / 8;
  double queue = std::min(static_cast<double>(path.queue_packets * kFullPacket),
                          static_cast<double>(path.queue.bytes));
  const double length = base::to_seconds(path.queue.length);
  if (length > 0) queue = std::min(queue, bytes_s * length);
  const double room = queue + bytes_s * base::to_seconds(path.delay + path.jitter);
  return static_cast<std::uint64_t>(std::min(room, static_cast<double>(memory)));
}

// What impairments cut or lengthen weighs something else when it comes out.
void subtract(std::uint64_t& from, std::uint64_t what) { from -= std::min(from, what); }

}  // namespace

Line::Line(io::Loop& loop, link::Profile profile, Settings settings)
    : begun_(io::now()),
      start_(settings.course.begun.value_or(begun_)),
      settings_(std::move(settings)),
      model_(without_queue_limits(profile), settings_.seed),
      timer_(loop) {
  if (settings_.course.keeps_packets) model_.keep_log();
  set(profile);
}

void Line::open(const Flow& flow, Handlers handlers) {
  flows_[flow] = {.handlers = std::move(handlers), .seen = flow.device};
}

void Line::close(const Flow& flow) { flows_.erase(flow); }

bool Line::has_room(Direction direction, std::uint64_t wire_bytes) const {
  return !outage_end(now()) && has_datagram_room(direction, wire_bytes);
}

bool Line::has_datagram_room(Direction direction, std::uint64_t wire_bytes) const {
  const Way& on = way(direction);
  return on.under_way == 0 || on.under_way + wire_bytes <= on.room;
}

void Line::wait_for_room(const Flow& flow, Direction direction) {
  way(direction).waiting.push_back(flow);
  schedule();
}

Line::Sent Line::send(const Flow& flow, Direction direction, base::Packet packet) {
  const auto opened = flows_.find(flow);
  const base::Endpoint seen = opened == flows_.end() ? flow.device : opened->second.seen;
  packet.protocol = flow.protocol;
  packet.source = direction == Direction::up ? flow.device : flow.server;
  packet.destination = direction == Direction::up ? flow.server : seen;
  const std::uint64_t size = packet.wire_bytes();
  stats_.meter.offered(direction, size);
  way(direction).under_way += size;
  model_.send(direction, std::move(packet), now());
  const std::string dropped = book_drops();
  schedule();
  if (dropped.empty()) return Sent::passed;
  return is_stall(dropped) ? Sent::stalled : Sent::dropped;
}

// A router that has forgotten the device may know it again when the device has sent something.
bool Line::is_stall(const std::string& reason) const {
  if (reason == "nat") return true;
  return std::ranges::any_of(model_.profile().impairments, [&](const link::Impairment& each) {
    return each.name == reason && (std::holds_alternative<link::Stall>(each.effect) ||
                                   std::holds_alternative<link::Nat>(each.effect));
  });
}

void Line::drop(Direction direction, std::uint64_t wire_bytes) {
  stats_.meter.offered(direction, wire_bytes);
  const link::Drop drop{direction, now(), wire_bytes, "queue full"};
  stats_.meter.dropped(drop);
  if (settings_.course.happened) happenings_.drops.push_back(drop);
  tell();
}

std::string Line::book_drops() {
  const auto drops = model_.take_drops();
  for (const link::Drop& each : drops) {
    stats_.meter.dropped(each);
    subtract(way(each.direction).under_way, each.wire_bytes);
    if (settings_.course.happened) happenings_.drops.push_back(each);
  }
  return drops.empty() ? std::string() : drops.back().reason;
}

// What changed, was dropped or reached, to whom it concerns.
void Line::tell() {
  for (link::Change& each : model_.take_changes()) {
    if (settings_.course.happened) happenings_.changes.push_back(std::move(each));
  }
  if (watched_ && model_.has_delivered(*watched_)) {
    watched_.reset();
    happenings_.reached = true;
  }
  const bool any =
      !happenings_.changes.empty() || !happenings_.drops.empty() || happenings_.reached;
  if (!any || !settings_.course.happened || std::exchange(told_, true)) return;
  settings_.course.happened();
}

Happenings Line::take_happenings() {
  told_ = false;
  return std::exchange(happenings_, {});
}

void Line::set_phase(const std::string& phase) {
  model_.set_phase(phase, now());
  schedule();
}

void Line::count_from_here() {
  model_.count_from_here();
  schedule();
}

void Line::watch_bytes(const std::optional<link::ByteCount>& count) {
  watched_ = count;
  schedule();
}

void Line::set(const link::Profile& profile) {
  up_.room = room_of(profile.up, settings_.memory);
  down_.room = room_of(profile.down, settings_.memory);
  stats_.profile = profile.name;
  model_.set_profile(without_queue_limits(profile), now());
  schedule();
}

Line::Way& Line::way(Direction direction) { return direction == Direction::up ? up_ : down_; }

const Line::Way& Line::way(Direction direction) const {
  return direction == Direction::up ? up_ : down_;
}

std::optional<Instant> Line::outage_end(Instant at) const {
  for (const link::Outage& each : model_.profile().outages) {
    if (each.from <= at && at < each.until) return each.until;
  }
  return std::nullopt;
}

std::optional<Instant> Line::wake_time() const {
  std::optional<Instant> next;
  const auto consider = [&next](std::optional<Instant> at) {
    if (at) next = next ? std::min(*next, *at) : at;
  };
  consider(model_.wake_time());
  if (!up_.waiting.empty() || !down_.waiting.empty()) consider(outage_end(now()));
  return next;
}

// Never within a call from outside: who sends does not expect to be handed something meanwhile.
void Line::schedule() {
  if (releasing_) return;  // it looks again when it is through
  tell();
  const auto next = wake_time();
  if (!next) return timer_.cancel();
  timer_.at(start_ + (*next - base::kCycleStart), [this](io::Time) { release(); });
}

void Line::release() {
  releasing_ = true;
  auto due = model_.release_due(now());
  (void)book_drops();
  for (link::Delivery& each : due) hand_out(std::move(each));
  for (const Direction each : kDirections) offer_room(each);
  releasing_ = false;
  schedule();
}

void Line::hand_out(link::Delivery delivery) {
  stats_.meter.delivered(delivery, now());
  subtract(way(delivery.direction).under_way, delivery.packet.wire_bytes());
  const auto found = flow_of(delivery);
  if (found == flows_.end()) return;
  if (delivery.direction == Direction::up) found->second.seen = delivery.packet.source;
  const auto called = found->second.handlers.arrived;
  called(delivery.direction, std::move(delivery.packet));
}

// A packet up that was led elsewhere has another server than its flow: then the device's port, of
// which it has one for each connection, says whose it is.
std::map<Flow, Line::Opened>::iterator Line::flow_of(const link::Delivery& delivery) {
  const base::Packet& packet = delivery.packet;
  if (delivery.direction == Direction::down) {
    return flows_.find({packet.protocol, packet.destination, packet.source});
  }
  const base::Endpoint device = model_.inside(packet.protocol, packet.source);
  const auto found = flows_.find({packet.protocol, device, packet.destination});
  if (found != flows_.end()) return found;
  const auto led = flows_.lower_bound({packet.protocol, device, {}});
  const bool same =
      led != flows_.end() && led->first.protocol == packet.protocol && led->first.device == device;
  return same ? led : flows_.end();
}

// Each that waits gets its turn once; one that still has no room asks again, behind the others.
void Line::offer_room(Direction direction) {
  auto& waiting = way(direction).waiting;
  for (std::size_t left = waiting.size(); left > 0 && has_room(direction, kFullPacket); --left) {
    const Flow flow = waiting.front();
    waiting.pop_front();
    const auto found = flows_.find(flow);
    if (found == flows_.end()) continue;
    const auto called = found->second.handlers.room;
    if (called) called(direction);
  }
}

}  // namespace rig::shaping
