#include "modem/stream.h"

#include <algorithm>
#include <utility>

namespace rig::modem {
namespace {

using namespace std::chrono_literals;
using base::kTcpAck;
using base::kTcpFin;
using base::kTcpRst;
using base::kTcpSyn;

constexpr base::Duration kShortestTimeout = 1s;
constexpr base::Duration kLongestTimeout = 60s;
constexpr base::Duration kTimeoutAfterLostSyn = 3s;
constexpr base::Duration kClockGranularity = 1ms;
constexpr int kSynLimit = 6;
constexpr int kRetryLimit = 12;

// Sequence numbers wrap: a is behind b when the way from a to b is the shorter one.
bool behind(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }

}  // namespace

TcpStream TcpStream::connect(Ends ends, std::uint32_t first_sequence, base::Instant now) {
  TcpStream stream(ends, first_sequence);
  stream.send_syn(now);
  return stream;
}

TcpStream TcpStream::accept(const base::Packet& syn, std::uint32_t first_sequence,
                            base::Instant now) {
  TcpStream stream({.local = syn.destination, .remote = syn.source}, first_sequence);
  stream.answering_ = true;
  stream.heard_ = true;
  stream.expected_ = syn.sequence + 1;
  stream.send_syn(now);
  return stream;
}

void TcpStream::emit(std::uint8_t flags, std::uint32_t sequence, base::ByteView payload) {
  base::Packet packet;
  packet.protocol = base::Protocol::tcp;
  packet.source = ends_.local;
  packet.destination = ends_.remote;
  packet.tcp_flags = flags;
  packet.sequence = sequence;
  packet.acknowledgement = heard_ ? expected_ : 0;
  packet.payload.assign(payload.begin(), payload.end());
  packets_.push_back(std::move(packet));
}

void TcpStream::send_syn(base::Instant now) {
  oldest_ = first_;
  next_ = first_ + 1;
  furthest_ = next_;
  emit(answering_ ? kTcpSyn | kTcpAck : kTcpSyn, first_, {});
  if (retries_ == 0) {
    timed_from_ = now;
    timed_until_ = next_;
  }
  start_timer(now);
}

void TcpStream::send_more(std::size_t segments, base::Instant now) {
  if (!connected_ || failed_ || fin_acknowledged_) return;
  for (; segments > 0; --segments) {
    const std::size_t sent = in_flight();
    if (sent > outbox_.size()) return;  // the FIN is out
    const std::size_t unsent = outbox_.size() - sent;
    const std::size_t room = kWindow - std::min(kWindow, sent);
    const std::size_t length = std::min({unsent, room, kSegment});
    const bool fin = closing_ && length == unsent;
    if (length == 0 && !fin) return;
    emit(fin ? kTcpAck | kTcpFin : kTcpAck, next_, base::ByteView(outbox_).subspan(sent, length));
    next_ += static_cast<std::uint32_t>(length + (fin ? 1 : 0));
    const bool first_time = behind(furthest_, next_);
    if (first_time) furthest_ = next_;
    if (first_time && !timed_from_) {
      timed_from_ = now;
      timed_until_ = next_;
    }
    if (!timer_) start_timer(now);
  }
}

void TcpStream::receive(const base::Packet& packet, base::Instant now) {
  if (failed_) return;
  const std::uint8_t flags = packet.tcp_flags;
  if ((flags & kTcpRst) != 0) {
    if (heard_ || packet.acknowledgement == next_) fail();
    return;
  }
  if ((flags & kTcpSyn) != 0 && !heard_) {
    if ((flags & kTcpAck) == 0 || packet.acknowledgement != next_) return;
    heard_ = true;
    expected_ = packet.sequence + 1;
  }
  if (!heard_) return;
  if ((flags & kTcpAck) != 0) accept_acknowledgement(packet.acknowledgement, now);
  const bool occupies = !packet.payload.empty() || (flags & (kTcpSyn | kTcpFin)) != 0;
  if (!connected_ || failed_) return;
  if ((flags & kTcpSyn) == 0) accept_payload(packet);
  if (occupies) emit(kTcpAck, next_, {});
  send_more(kWindow, now);
}

void TcpStream::accept_acknowledgement(std::uint32_t number, base::Instant now) {
  if (!behind(oldest_, number) || behind(furthest_, number)) return;
  if (timed_from_ && !behind(number, timed_until_)) {
    measure(now - *timed_from_);
    timed_from_.reset();
  }
  std::size_t acknowledged = number - oldest_;
  if (!connected_) {
    connected_ = true;
    --acknowledged;
    // RFC 6298, 5.7: the first timeout of the data must not be the short one that a lost SYN used.
    if (retries_ > 0) timeout_ = kTimeoutAfterLostSyn;
  }
  fin_acknowledged_ = acknowledged > outbox_.size();
  acknowledged = std::min(acknowledged, outbox_.size());
  outbox_.erase(outbox_.begin(), outbox_.begin() + static_cast<std::ptrdiff_t>(acknowledged));
  oldest_ = number;
  if (behind(next_, number)) next_ = number;
  retries_ = 0;
  if (oldest_ == furthest_) {
    timer_.reset();
  } else {
    start_timer(now);
  }
}

void TcpStream::accept_payload(const base::Packet& packet) {
  const std::uint32_t skip = expected_ - packet.sequence;  // bytes that we have already
  const std::size_t size = packet.payload.size();
  const bool fin = (packet.tcp_flags & kTcpFin) != 0;
  if (behind(expected_, packet.sequence) || skip > size || remote_closed_) return;
  const std::size_t fresh = size - skip;
  if (inbox_.size() + fresh > kReceiveLimit) return;
  base::append(inbox_, base::ByteView(packet.payload).subspan(skip));
  expected_ += static_cast<std::uint32_t>(fresh + (fin ? 1 : 0));
  remote_closed_ = fin;
}

void TcpStream::measure(base::Duration round_trip) {
  if (smoothed_ == base::Duration::zero()) {
    smoothed_ = round_trip;
    variation_ = round_trip / 2;
  } else {
    const base::Duration off =
        smoothed_ > round_trip ? smoothed_ - round_trip : round_trip - smoothed_;
    variation_ = (3 * variation_ + off) / 4;
    smoothed_ = (7 * smoothed_ + round_trip) / 8;
  }
  timeout_ = std::clamp(smoothed_ + std::max(kClockGranularity, 4 * variation_), kShortestTimeout,
                        kLongestTimeout);
}

void TcpStream::advance(base::Instant now) {
  if (!timer_ || *timer_ > now) return;
  ++retries_;
  if (retries_ > (connected_ ? kRetryLimit : kSynLimit)) {
    abort();
    return;
  }
  timeout_ = std::min(2 * timeout_, kLongestTimeout);
  timed_from_.reset();
  timer_.reset();
  if (!connected_) {
    send_syn(now);
    return;
  }
  next_ = oldest_;
  send_more(1, now);
}

std::vector<base::Packet> TcpStream::take_packets() { return std::exchange(packets_, {}); }

std::size_t TcpStream::write(base::ByteView bytes, base::Instant now) {
  if (closing_ || failed_) return 0;
  const std::size_t taken = std::min(bytes.size(), kSendLimit - outbox_.size());
  base::append(outbox_, bytes.first(taken));
  send_more(kWindow, now);
  return taken;
}

base::Bytes TcpStream::read(std::size_t limit) {
  const auto end = inbox_.begin() + static_cast<std::ptrdiff_t>(std::min(limit, inbox_.size()));
  base::Bytes taken(inbox_.begin(), end);
  inbox_.erase(inbox_.begin(), end);
  return taken;
}

void TcpStream::close(base::Instant now) {
  if (closing_ || failed_) return;
  if (!connected_) {
    abort();
    return;
  }
  closing_ = true;
  send_more(kWindow, now);
}

void TcpStream::abort() {
  if (failed_) return;
  emit(heard_ ? kTcpRst | kTcpAck : kTcpRst, next_, {});
  fail();
}

void TcpStream::fail() {
  failed_ = true;
  timer_.reset();
}

}  // namespace rig::modem
