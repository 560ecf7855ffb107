#include "tcp/sender.h"

#include <algorithm>
#include <utility>

#include "tcp/sequence.h"

namespace rig::tcp {
namespace {

using base::kTcpFin;
using base::kTcpSyn;

constexpr std::uint16_t kDefaultMss = 536;     // RFC 9293 section 3.7.1: of a peer that names none
constexpr std::uint32_t kSegmentsInDoubt = 2;  // RFC 5682 section 2.1 (2b)

}  // namespace

Sender::Sender(const Personality& personality, std::uint32_t first_sequence)
    : limits_(personality),
      mss_(personality.mss),
      round_trip_(personality),
      congestion_(personality.mss, personality.initial_segments),
      first_(first_sequence),
      oldest_(first_sequence),
      next_(first_sequence),
      furthest_(first_sequence),
      sampled_(first_sequence) {}

void Sender::start(std::uint8_t flags, base::Instant now) {
  syn_flags_ = flags;
  send_syn(now);
}

void Sender::send_syn(base::Instant now) {
  segments_.push_back({.flags = syn_flags_, .sequence = first_, .payload = {}});
  next_ = first_ + 1;
  note_sent(first_, now);
  start_timer(now);
}

void Sender::repeat_syn(base::Instant now) {
  if (connected_ || gave_up_) return;
  ++retries_;
  send_syn(now);
}

void Sender::learn_peer(std::uint16_t mss, std::uint16_t window) {
  mss_ = std::min(limits_.mss, mss == 0 ? kDefaultMss : mss);
  congestion_ = Congestion(mss_, limits_.initial_segments);
  window_ = window;
  largest_window_ = window;
}

// Later packets tell of a newer window; one that was overtaken does not (RFC 9293 3.10.7.4).
bool Sender::take_window(const base::Packet& packet) {
  const bool newer =
      behind(window_sequence_, packet.sequence) ||
      (window_sequence_ == packet.sequence && !behind(packet.acknowledgement, window_number_));
  if (!newer && window_number_ != 0) return false;
  window_sequence_ = packet.sequence;
  window_number_ = packet.acknowledgement;
  const bool changed = window_ != packet.window;
  window_ = packet.window;
  largest_window_ = std::max(largest_window_, window_);
  return changed;
}

void Sender::acknowledge(const base::Packet& packet, base::Instant now) {
  const std::uint32_t number = packet.acknowledgement;
  if (behind(furthest_, number) || behind(number, oldest_)) return;
  const bool window_changed = take_window(packet);
  if (probing_) {
    retries_ = 0;
    if (window_ > 0) {
      probing_ = false;
      timer_.reset();
    }
  }
  if (number != oldest_) {
    progress(number, now);
  } else if (!window_changed && furthest_ != oldest_ && packet.payload.empty() &&
             (packet.tcp_flags & (kTcpFin | kTcpSyn)) == 0) {
    duplicate(now);
  }
  send_more(now);
}

void Sender::duplicate(base::Instant now) {
  if (doubt_ == Doubt::first_answer) return;  // of what was sent before the timeout
  if (timed_out_) arrived_behind_ += mss_;
  if (doubt_ == Doubt::second_answer) {
    next_ = oldest_;  // it was lost: go back to it after all
    doubt_ = Doubt::none;
    return;
  }
  if (timed_out_ || !congestion_.duplicate(furthest_ - oldest_)) return;
  recover_ = furthest_;
  resend_oldest(now);
}

void Sender::progress(std::uint32_t number, base::Instant now) {
  const std::uint32_t bytes = number - oldest_;
  const std::uint32_t flight = next_ - oldest_;
  arrived_behind_ = 0;
  const Removed removed = remove_sent(number, now);
  if (removed.round_trip) measure(*removed.round_trip, number);
  drop_acknowledged(number);
  if (connected_) {
    count_progress(removed, bytes, flight, now);
  } else {
    connected_ = true;
    if (retries_ > 0) round_trip_.after_lost_syn();
    if (retries_ > 1) congestion_.lost_syn();
  }
  retries_ = 0;
  if (oldest_ == furthest_) {
    timer_.reset();
  } else {
    start_timer(now);
  }
}

void Sender::measure(base::Duration round_trip, std::uint32_t number) {
  const bool first = behind(sampled_, number);
  if (first) sampled_ = furthest_;
  round_trip_.measured(round_trip, first);
}

void Sender::drop_acknowledged(std::uint32_t number) {
  std::size_t acknowledged = number - oldest_;
  if (!connected_) --acknowledged;  // the SYN
  fin_acknowledged_ = acknowledged > outbox_.size();
  acknowledged = std::min(acknowledged, outbox_.size());
  outbox_.erase(outbox_.begin(), outbox_.begin() + static_cast<std::ptrdiff_t>(acknowledged));
  oldest_ = number;
  if (behind(next_, number)) next_ = number;
}

void Sender::count_progress(const Removed& removed, std::uint32_t bytes, std::uint32_t flight,
                            base::Instant now) {
  if (congestion_.recovering()) {
    if (behind(oldest_, recover_)) {
      congestion_.partly_recovered(bytes);
      resend_oldest(now);
    } else {
      congestion_.recovered();
    }
    return;
  }
  if (timed_out_) progress_after_timeout(removed);
  congestion_.acknowledged(bytes, flight);
}

// Whether to go back, or to believe that the timeout was premature. Like Linux (tcp_process_loss),
// an acknowledgement of anything that was sent only once, before the timeout, settles it.
void Sender::progress_after_timeout(const Removed& removed) {
  if (doubt_ != Doubt::none && removed.original) {
    congestion_.undo_timeout();
    next_ = furthest_;
    timed_out_ = false;
    doubt_ = Doubt::none;
    return;
  }
  if (!behind(oldest_, recover_)) {
    timed_out_ = false;
    doubt_ = Doubt::none;
    return;
  }
  const std::uint32_t flight = furthest_ - oldest_;
  const bool more = outbox_.size() > flight && window_ >= flight + mss_;
  if (doubt_ == Doubt::first_answer && more) {
    doubt_ = Doubt::second_answer;
    next_ = furthest_;
  } else {
    doubt_ = Doubt::none;
  }
}

Sender::Removed Sender::remove_sent(std::uint32_t number, base::Instant now) {
  Removed removed;
  bool repeated = false;
  auto each = sent_.begin();
  for (; each != sent_.end() && !behind(number, each->end); ++each) {
    repeated = repeated || each->repeated;
    removed.original = removed.original || !each->repeated;
    if (!removed.round_trip) removed.round_trip = now - each->at;
  }
  sent_.erase(sent_.begin(), each);
  if (repeated) removed.round_trip.reset();
  return removed;
}

// Of the numbers from `begin` up to next_.
void Sender::note_sent(std::uint32_t begin, base::Instant now) {
  const bool again = behind(begin, furthest_);
  repeated_ += again ? 1 : 0;
  for (Sent& each : sent_) {
    each.repeated = each.repeated || (again && behind(begin, each.end));
    if (!behind(each.end, next_)) return;
  }
  sent_.push_back({.end = next_, .at = now, .repeated = again});
  furthest_ = next_;
}

std::optional<std::size_t> Sender::next_length() const {
  const std::size_t sent = next_ - oldest_;
  if (sent > outbox_.size()) return std::nullopt;  // the FIN is out
  const std::size_t unsent = outbox_.size() - sent;
  if (unsent == 0) return closing_ ? std::optional<std::size_t>(0) : std::nullopt;
  const std::size_t whole = std::min<std::size_t>(unsent, mss_);
  const std::size_t allowed = doubt_ == Doubt::second_answer
                                  ? recover_ - oldest_ + std::size_t{kSegmentsInDoubt} * mss_
                                  : congestion_.window();
  // Gone back: what was sent behind the loss, after the timeout, is under way as well.
  const std::size_t behind_loss =
      timed_out_ && behind(next_, recover_)
          ? furthest_ - recover_ - std::min(arrived_behind_, furthest_ - recover_)
          : 0;
  if (sent > 0 && sent + behind_loss + whole > allowed) return std::nullopt;
  const std::size_t room = window_ > sent ? window_ - sent : 0;
  if (room >= whole) return whole;
  // Less than a segment: only a window that is never larger is worth it.
  return room > 0 && 2 * room >= largest_window_ ? std::optional(room) : std::nullopt;
}

void Sender::send_more(base::Instant now) {
  if (!connected_ || gave_up_ || fin_acknowledged_) return;
  while (true) {
    // What was sent after the timeout is not lost with the rest.
    if (behind(next_, furthest_) && !behind(next_, recover_)) next_ = furthest_;
    const auto length = next_length();
    if (!length) break;
    send_segment(*length, now);
  }
  const bool waits_for_window = furthest_ == oldest_ && !outbox_.empty();
  if (waits_for_window && !probing_) {
    probing_ = true;
    probe_after_ = round_trip_.timeout();
    timer_ = now + probe_after_;
  }
}

void Sender::send_segment(std::size_t length, base::Instant now) {
  const std::size_t offset = next_ - oldest_;
  const bool last = closing_ && offset + length == outbox_.size();
  const auto from = outbox_.begin() + static_cast<std::ptrdiff_t>(offset);
  segments_.push_back({.flags = last ? std::uint8_t{kTcpFin} : std::uint8_t{0},
                       .sequence = next_,
                       .payload = {from, from + static_cast<std::ptrdiff_t>(length)}});
  const std::uint32_t begin = next_;
  next_ += static_cast<std::uint32_t>(length) + (last ? 1U : 0U);
  note_sent(begin, now);
  if (!timer_) start_timer(now);
}

// In a fast recovery: one segment, without going back.
void Sender::resend_oldest(base::Instant now) {
  const std::uint32_t next = std::exchange(next_, oldest_);
  send_segment(std::min<std::size_t>(outbox_.size(), mss_), now);
  next_ = behind(next, next_) ? next_ : next;
}

std::size_t Sender::write(base::ByteView bytes, base::Instant now) {
  if (closing_ || gave_up_) return 0;
  const std::size_t taken = std::min(bytes.size(), room());
  base::append(outbox_, bytes.first(taken));
  send_more(now);
  return taken;
}

void Sender::close(base::Instant now) {
  closing_ = true;
  send_more(now);
}

void Sender::advance(base::Instant now) {
  if (!timer_ || *timer_ > now) return;
  timer_.reset();
  ++retries_;
  if (retries_ > (connected_ ? limits_.retry_limit : limits_.syn_limit)) {
    gave_up_ = true;
  } else if (probing_) {
    probe(now);
  } else {
    timed_out(now);
  }
}

void Sender::timed_out(base::Instant now) {
  const bool asks = !connected_ && (syn_flags_ & base::kTcpAck) == 0;
  if (!asks || retries_ > limits_.even_syns) round_trip_.back_off();
  if (!connected_) {
    send_syn(now);
    return;
  }
  // Linux: in the middle of a recovery a first timeout is no doubt a loss.
  const bool doubtful = (!congestion_.recovering() && !timed_out_) || retries_ > 1;
  congestion_.timed_out();
  recover_ = furthest_;
  timed_out_ = true;
  arrived_behind_ = 0;
  doubt_ = limits_.detects_spurious && doubtful ? Doubt::first_answer : Doubt::none;
  next_ = oldest_;
  send_segment(std::min<std::size_t>(outbox_.size(), mss_), now);
  start_timer(now);
}

void Sender::probe(base::Instant now) {
  segments_.push_back({.flags = 0, .sequence = oldest_ - 1, .payload = {}});
  probe_after_ = std::min(2 * probe_after_, limits_.longest_timeout);
  timer_ = now + probe_after_;
}

std::vector<Segment> Sender::take_segments() { return std::exchange(segments_, {}); }

}  // namespace rig::tcp
