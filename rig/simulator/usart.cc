#include "simulator/usart.h"

#include <algorithm>

#include "base/assert.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kOverrun = 1U << 3;
constexpr std::uint32_t kIdle = 1U << 4;
constexpr std::uint32_t kNotEmpty = 1U << 5;
constexpr std::uint32_t kComplete = 1U << 6;
constexpr std::uint32_t kEmpty = 1U << 7;
constexpr std::uint32_t kEnables = kIdle | kNotEmpty | kComplete | kEmpty;  // same places in CR1
constexpr std::uint32_t kTransmitterEnable = 1U << 3;
constexpr std::uint32_t kRtsEnable = 1U << 8;
constexpr std::uint32_t kCtsEnable = 1U << 9;

}  // namespace

std::uint32_t Usart::status(base::Instant now) const {
  const bool idle = idle_ || (idle_at() && now >= *idle_at());
  const bool complete = transmitter.complete(now) && !complete_cleared_;
  return (overrun_ ? kOverrun : 0U) | (idle ? kIdle : 0U) | (not_empty_ ? kNotEmpty : 0U) |
         (complete ? kComplete : 0U) | (transmitter.empty(now) ? kEmpty : 0U);
}

// The line counts as idle one frame after the last byte, unless more is under way.
std::optional<base::Instant> Usart::idle_at() const {
  if (!line_quiet_at_) {
    return std::nullopt;
  }
  const auto next = receiver.next_arrival();
  return next && *next - Receiver::kByteTime < *line_quiet_at_ ? std::nullopt : line_quiet_at_;
}

void Usart::note_arrival(base::Instant at) { line_quiet_at_ = at + Receiver::kByteTime; }

void Usart::advance(base::Instant now) {
  seen_ = std::max(seen_, now);
  if (idle_at() && now >= *idle_at()) {
    idle_ = true;
    line_quiet_at_.reset();
  }
  if (!receiving()) {
    receiver.discard(now);
    return;
  }
  if ((cr3_ & 0x40) != 0) {
    return;
  }
  while (receiver.arrived(now) > 0) {
    note_arrival(*receiver.next_arrival());
    const auto value = receiver.pop();
    overrun_ = overrun_ || not_empty_;
    data_ = not_empty_ ? data_ : value;
    not_empty_ = true;
    if ((cr3_ & kRtsEnable) != 0) {
      receiver.pause();
      return;
    }
  }
}

std::optional<std::uint8_t> Usart::take_for_dma(base::Instant now) {
  const auto arrival = receiver.next_arrival();
  if (!arrival || *arrival > now || !receiving()) {
    return std::nullopt;
  }
  note_arrival(*arrival);
  return receiver.pop();
}

void Usart::overrun_by_dma(base::Instant now) {
  while (const auto lost = take_for_dma(now)) {
    overrun_ = true;
  }
}

void Usart::send_by_dma(std::uint8_t value, base::Instant now) {
  complete_cleared_ = false;
  transmitter.push(value, now);
}

void Usart::set_clear_to_send(bool clear, base::Instant now) {
  clear_to_send_ = clear;
  if (clear || (cr3_ & kCtsEnable) == 0) {
    transmitter.release(now);
  } else {
    transmitter.hold(now);
  }
}

std::uint8_t Usart::read_data(base::Instant now) {
  if (status_read_) {
    idle_ = false;
    overrun_ = false;
    status_read_ = false;
  }
  if (not_empty_) {
    not_empty_ = false;
    receiver.resume(now);
  }
  return data_;
}

std::optional<std::uint32_t> Usart::read(std::uint32_t offset, base::Instant now) {
  advance(now);
  switch (offset) {
    case 0x00:
      status_read_ = true;
      return status(now);
    case kData:
      return read_data(now);
    case 0x08:
      return brr_;
    case 0x0C:
      return cr1_;
    case 0x10:
      return cr2_;
    case 0x14:
      return cr3_;
    case 0x18:
      return gtpr_;
    default:
      return std::nullopt;
  }
}

bool Usart::write(std::uint32_t offset, std::uint32_t value, base::Instant now) {
  advance(now);
  switch (offset) {
    case 0x00:  // TC and RXNE are cleared by writing zero
      complete_cleared_ = complete_cleared_ || (value & kComplete) == 0;
      not_empty_ = not_empty_ && (value & kNotEmpty) != 0;
      return true;
    case kData:
      if (enabled() && (cr1_ & kTransmitterEnable) != 0) {
        complete_cleared_ = false;
        transmitter.push(static_cast<std::uint8_t>(value), now);
      }
      return true;
    case 0x08:
      brr_ = value & 0xFFFF;
      set_bit_time();
      return true;
    case 0x0C:
      cr1_ = value;
      return true;
    case 0x10:
      cr2_ = value;
      return true;
    case 0x14:
      cr3_ = value;
      set_clear_to_send(clear_to_send_, now);
      return true;
    case 0x18:
      gtpr_ = value;
      return true;
    default:
      return false;
  }
}

// Oversampling by 16: one bit takes BRR clock periods; ten bits per byte.
void Usart::set_bit_time() {
  if (brr_ != 0 && hertz_ != 0) {
    const auto nanoseconds = 10'000'000'000ULL * brr_ / hertz_;
    transmitter.set_byte_time(base::Duration(static_cast<std::int64_t>(nanoseconds)));
  }
}

void Usart::set_clock(std::uint32_t hertz) {
  hertz_ = hertz;
  set_bit_time();
}

void Usart::reset() {
  brr_ = cr1_ = cr2_ = cr3_ = gtpr_ = 0;
  not_empty_ = overrun_ = idle_ = status_read_ = false;
  complete_cleared_ = false;
  line_quiet_at_.reset();
}

bool Usart::interrupt(base::Instant now) const {
  if (!enabled() || (cr1_ & kEnables) == 0) {
    return false;
  }
  auto flags = status(now);
  flags |= (flags & kOverrun) != 0 ? kNotEmpty : 0U;  // ORE is signalled with RXNEIE
  return (flags & cr1_ & kEnables) != 0;
}

std::optional<base::Instant> Usart::next_event() const {
  if (!enabled() || (cr1_ & kEnables) == 0) {
    return std::nullopt;
  }
  auto first = base::Instant::max();
  const auto consider = [&](std::optional<base::Instant> at) {
    first = at && *at > seen_ ? std::min(first, *at) : first;
  };
  if ((cr1_ & kEmpty) != 0) {
    consider(transmitter.empty_at());
  }
  if ((cr1_ & kComplete) != 0 && !complete_cleared_) {
    consider(transmitter.complete_at());
  }
  if ((cr1_ & kNotEmpty) != 0 && (cr3_ & 0x40) == 0) {
    consider(receiver.next_arrival());
  }
  if ((cr1_ & kIdle) != 0) {
    consider(idle_at());
    consider(receiver.next_quiet());
  }
  return first == base::Instant::max() ? std::nullopt : std::optional(first);
}

std::optional<base::Instant> Usart::next_change(base::Instant now) const {
  auto first = base::Instant::max();
  for (const auto at :
       {transmitter.empty_at(), transmitter.complete_at(), receiver.next_arrival(), idle_at()}) {
    if (at && *at > now) {
      first = std::min(first, *at);
    }
  }
  return first == base::Instant::max() ? std::nullopt : std::optional(first);
}

}  // namespace rig::simulator
