#include "tcp/receiver.h"

#include <algorithm>
#include <utility>

#include "tcp/sequence.h"

namespace rig::tcp {

Receiver::Receiver(const Personality& limits)
    : buffer_(limits.window), mss_(limits.mss), keeps_pieces_(limits.keeps_out_of_order) {}

void Receiver::start(std::uint32_t syn) {
  first_ = syn + 1;
  expected_ = first_;
  edge_ = expected_ + buffer_;
}

Receiver::Urgency Receiver::accept(const base::Packet& packet) {
  const bool last = (packet.tcp_flags & base::kTcpFin) != 0;
  base::ByteView data = packet.payload;
  std::uint32_t sequence = packet.sequence;
  if (data.empty() && !last) {
    // A probe of a closed window is an empty segment with an old number.
    return behind(sequence, expected_) ? Urgency::now : Urgency::none;
  }
  const std::uint32_t end = sequence + static_cast<std::uint32_t>(data.size());
  if (closed_ || behind(edge_, end) || (behind(end, expected_) && !last)) return Urgency::now;
  if (behind(sequence, expected_)) {
    const std::uint32_t known = expected_ - sequence;
    if (known > data.size()) return Urgency::now;
    data = data.subspan(known);
    sequence = expected_;
    if (data.empty() && !last) return Urgency::now;
  }
  if (sequence != expected_) {
    if (keeps_pieces_) pieces_[sequence - first_] = {{data.begin(), data.end()}, last};
    return Urgency::now;
  }
  const bool filled_a_gap = !pieces_.empty();
  append(sequence, data, last);
  join_pieces();
  return closed_ || filled_a_gap ? Urgency::now : Urgency::later;
}

void Receiver::append(std::uint32_t sequence, base::ByteView data, bool last) {
  const std::uint32_t known = expected_ - sequence;
  if (known > data.size()) return;
  base::append(inbox_, data.subspan(known));
  expected_ += static_cast<std::uint32_t>(data.size() - known) + (last ? 1 : 0);
  closed_ = last;
}

void Receiver::join_pieces() {
  while (!closed_ && !pieces_.empty() && pieces_.begin()->first <= expected_ - first_) {
    const auto next = pieces_.extract(pieces_.begin());
    append(first_ + next.key(), next.mapped().data, next.mapped().last);
  }
  if (closed_) pieces_.clear();
}

base::Bytes Receiver::read(std::size_t limit) {
  const auto end = inbox_.begin() + static_cast<std::ptrdiff_t>(std::min(limit, inbox_.size()));
  base::Bytes taken(inbox_.begin(), end);
  inbox_.erase(inbox_.begin(), end);
  return taken;
}

std::uint32_t Receiver::edge_now() const {
  return expected_ + buffer_ - static_cast<std::uint32_t>(inbox_.size());
}

std::uint16_t Receiver::announce() {
  const std::uint32_t edge = edge_now();
  if (behind(edge_, edge) && edge - edge_ >= std::min(mss_, buffer_ / 2)) edge_ = edge;
  // The FIN has taken a number of its own, which may be the one behind the edge.
  return behind(edge_, expected_) ? 0 : static_cast<std::uint16_t>(edge_ - expected_);
}

bool Receiver::worth_telling() const {
  const std::uint32_t edge = edge_now();
  return !closed_ && behind(edge_, edge) && edge - edge_ >= std::min(2 * mss_, buffer_ / 2);
}

}  // namespace rig::tcp
