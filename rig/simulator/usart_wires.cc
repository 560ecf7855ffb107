// The two wires of a USART.
#include <algorithm>
#include <ranges>

#include "base/assert.h"
#include "simulator/usart.h"

namespace rig::simulator {

void Transmitter::push(std::uint8_t value, base::Instant now) {
  if (held_) {
    waiting_.push_back(value);
    return;
  }
  started_ = std::max(now, done_);
  done_ = started_ + byte_time_;
  queue_.push_back({done_, value});
  if (value == '\n' && !line_end_) line_end_ = done_;
}

void Transmitter::find_line_end() {
  const auto feed = std::ranges::find(queue_, '\n', &Sent::value);
  line_end_ = feed == queue_.end() ? std::nullopt : std::optional(feed->end);
}

void Transmitter::hold(base::Instant now) {
  held_ = true;
  while (!queue_.empty() && queue_.back().end - byte_time_ >= now) {
    waiting_.push_front(queue_.back().value);
    queue_.pop_back();
    done_ = started_;
    started_ = done_ - byte_time_;
  }
  if (line_end_ && (queue_.empty() || queue_.back().end < *line_end_)) line_end_.reset();
}

void Transmitter::release(base::Instant now) {
  held_ = false;
  while (!waiting_.empty()) {
    push(waiting_.front(), now);
    waiting_.pop_front();
  }
}

std::optional<base::Instant> Transmitter::empty_at() const {
  return waiting_.empty() ? std::optional(started_) : std::nullopt;
}

std::optional<base::Instant> Transmitter::complete_at() const {
  return waiting_.empty() ? std::optional(done_) : std::nullopt;
}

std::size_t Transmitter::unstarted(base::Instant now) const {
  std::size_t count = waiting_.size();
  for (const auto& byte : queue_ | std::views::reverse) {
    if (byte.end - byte_time_ <= now) {
      break;
    }
    ++count;
  }
  return count;
}

std::vector<Transmitter::Sent> Transmitter::take_sent(base::Instant now) {
  std::vector<Sent> sent;
  while (!queue_.empty() && queue_.front().end <= now) {
    sent.push_back(queue_.front());
    queue_.pop_front();
  }
  if (line_end_ && *line_end_ <= now) find_line_end();
  return sent;
}

void Receiver::push(base::ByteView bytes, base::Instant at) {
  if (bytes.empty()) {
    return;
  }
  const auto start = std::max(at, line_free_);
  line_free_ = start + kByteTime * static_cast<std::int64_t>(bytes.size());
  bursts_.push_back({start + kByteTime, base::Bytes(bytes.begin(), bytes.end()), 0});
}

std::optional<base::Instant> Receiver::next_arrival() const {
  if (paused_ || bursts_.empty()) {
    return std::nullopt;
  }
  return bursts_.front().end_of(bursts_.front().next);
}

std::optional<base::Instant> Receiver::next_quiet() const {
  if (paused_ || bursts_.empty()) {
    return std::nullopt;
  }
  auto quiet = base::Instant{};
  for (const auto& burst : bursts_) {
    if (quiet != base::Instant{} && burst.first_end - kByteTime >= quiet) {
      break;
    }
    quiet = burst.end_of(burst.bytes.size());
  }
  return quiet;
}

std::size_t Receiver::arrived(base::Instant now) const {
  std::size_t count = 0;
  if (paused_) {
    return 0;
  }
  for (const auto& burst : bursts_) {
    if (burst.end_of(burst.next) > now) {
      break;
    }
    const auto passed = (now - burst.end_of(burst.next)) / kByteTime + 1;
    count += std::min(burst.bytes.size() - burst.next, static_cast<std::size_t>(passed));
  }
  return count;
}

std::uint8_t Receiver::pop() {
  RIG_ASSERT(!bursts_.empty());
  auto& burst = bursts_.front();
  const auto value = burst.bytes[burst.next++];
  if (burst.next == burst.bytes.size()) {
    bursts_.pop_front();
  }
  return value;
}

// The peer starts its next byte now; what was planned for earlier moves back.
void Receiver::resume(base::Instant now) {
  if (!paused_) {
    return;
  }
  paused_ = false;
  auto free = now;
  for (auto& burst : bursts_) {
    const auto next = static_cast<std::int64_t>(burst.next);
    const auto start = std::max(free, burst.end_of(burst.next) - kByteTime);
    burst.first_end = start + kByteTime - kByteTime * next;
    free = burst.end_of(burst.bytes.size() - 1);
  }
  line_free_ = std::max(free, line_free_);
}

void Receiver::discard(base::Instant now) {
  paused_ = false;
  for (auto count = arrived(now); count > 0; --count) {
    static_cast<void>(pop());
  }
}

}  // namespace rig::simulator
