#include "tcp/connection.h"

#include <algorithm>
#include <utility>

namespace rig::tcp {
namespace {

using base::kTcpAck;
using base::kTcpFin;
using base::kTcpRst;
using base::kTcpSyn;

}  // namespace

Connection::Connection(Ends ends, const Personality& personality, std::uint32_t first_sequence)
    : ends_(ends),
      personality_(personality),
      sender_(personality, first_sequence),
      receiver_(personality),
      quick_left_(personality.quick_acks) {}

Connection Connection::connect(Ends ends, const Personality& personality,
                               std::uint32_t first_sequence, base::Instant now) {
  Connection connection(ends, personality, first_sequence);
  connection.sender_.start(kTcpSyn, now);
  connection.flush();
  return connection;
}

Connection Connection::accept(const base::Packet& syn, const Personality& personality,
                              std::uint32_t first_sequence, base::Instant now) {
  Connection connection({.local = syn.destination, .remote = syn.source}, personality,
                        first_sequence);
  connection.heard_ = true;
  connection.receiver_.start(syn.sequence);
  connection.sender_.learn_peer(syn.mss, syn.window);
  connection.sender_.start(kTcpSyn | kTcpAck, now);
  connection.flush();
  return connection;
}

void Connection::emit(Segment segment) {
  base::Packet packet;
  packet.protocol = base::Protocol::tcp;
  packet.source = ends_.local;
  packet.destination = ends_.remote;
  packet.tcp_flags = segment.flags;
  packet.sequence = segment.sequence;
  packet.window = heard_ ? receiver_.announce() : personality_.window;
  if ((segment.flags & kTcpSyn) != 0) packet.mss = personality_.mss;
  if (heard_) {
    packet.tcp_flags |= kTcpAck;
    packet.acknowledgement = receiver_.expected();
    owed_ = 0;
    acknowledge_at_.reset();
  }
  packet.payload = std::move(segment.payload);
  packets_.push_back(std::move(packet));
}

void Connection::flush() {
  for (Segment& segment : sender_.take_segments()) emit(std::move(segment));
}

void Connection::send_acknowledgement() {
  emit({.flags = kTcpAck, .sequence = sender_.furthest(), .payload = {}});
}

bool Connection::take_syn(const base::Packet& packet) {
  const bool mine =
      (packet.tcp_flags & kTcpAck) != 0 && packet.acknowledgement == sender_.furthest();
  if (!mine) return false;
  heard_ = true;
  receiver_.start(packet.sequence);
  sender_.learn_peer(packet.mss, packet.window);
  return true;
}

void Connection::receive(const base::Packet& packet, base::Instant now) {
  if (failed_) return;
  const bool syn = (packet.tcp_flags & kTcpSyn) != 0;
  if ((packet.tcp_flags & kTcpRst) != 0) {
    if (heard_ || packet.acknowledgement == sender_.furthest()) fail();
    return;
  }
  if (syn && !heard_ && !take_syn(packet)) return;
  if (!heard_) return;
  if ((packet.tcp_flags & kTcpAck) != 0) sender_.acknowledge(packet, now);
  if (!connected()) return;
  const auto urgency = syn ? Receiver::Urgency::now : receiver_.accept(packet);
  owe_acknowledgement(urgency, now);
  flush();
}

void Connection::owe_acknowledgement(Receiver::Urgency urgency, base::Instant now) {
  if (urgency == Receiver::Urgency::none) return;
  ++owed_;
  if (quick_left_ > 0) {
    --quick_left_;
    urgency = Receiver::Urgency::now;
  }
  if (urgency == Receiver::Urgency::now || owed_ >= personality_.ack_every) {
    send_acknowledgement();
  } else if (!acknowledge_at_) {
    acknowledge_at_ = now + personality_.ack_delay;
  }
}

void Connection::advance(base::Instant now) {
  if (acknowledge_at_ && *acknowledge_at_ <= now) send_acknowledgement();
  sender_.advance(now);
  flush();
  if (sender_.gave_up()) abort();
}

std::optional<base::Instant> Connection::wake_time() const {
  const auto timer = sender_.wake_time();
  if (timer && acknowledge_at_) return std::min(*timer, *acknowledge_at_);
  return timer ? timer : acknowledge_at_;
}

std::vector<base::Packet> Connection::take_packets() { return std::exchange(packets_, {}); }

std::size_t Connection::write(base::ByteView bytes, base::Instant now) {
  if (failed_) return 0;
  const std::size_t taken = sender_.write(bytes, now);
  flush();
  return taken;
}

std::size_t Connection::useful_room() const {
  const std::size_t wanted =
      std::max<std::size_t>(2UL * sender_.largest_peer_window(), 2UL * sender_.mss());
  const std::size_t waiting = sender_.unacknowledged();
  return std::min(sender_.room(), wanted > waiting ? wanted - waiting : 0);
}

base::Bytes Connection::read(std::size_t limit) {
  base::Bytes taken = receiver_.read(limit);
  if (heard_ && !packets_.empty()) packets_.back().window = receiver_.announce();
  if (connected() && receiver_.worth_telling()) send_acknowledgement();
  return taken;
}

void Connection::close(base::Instant now) {
  if (sender_.closing() || failed_) return;
  if (!connected()) {
    abort();
    return;
  }
  sender_.close(now);
  flush();
}

void Connection::abort() {
  if (failed_) return;
  emit({.flags = kTcpRst, .sequence = sender_.furthest(), .payload = {}});
  fail();
}

void Connection::fail() {
  failed_ = true;
  sender_.stop();
  acknowledge_at_.reset();
}

}  // namespace rig::tcp
