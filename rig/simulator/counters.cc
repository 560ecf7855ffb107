#include "simulator/counters.h"

#include <algorithm>

namespace rig::simulator {
namespace {

constexpr std::uint32_t kCoreHertz = 120'000'000;
constexpr base::Duration kLsiTick{31'250};  // 32 kHz, RM0033 5.2.5

}  // namespace

TickRate SysTick::rate() const { return TickRate::of(kCoreHertz, (control_ & 4) != 0 ? 1 : 8); }

base::Duration SysTick::period() const { return rate().time_for(reload_ + 1ULL); }

void SysTick::restart(base::Instant now) {
  base_ = now;
  expires_ = now + period();
}

std::optional<std::uint32_t> SysTick::read(std::uint32_t offset, base::Instant now) {
  switch (offset) {
    case 0x0: {
      counted_ = counted_ || (running() && now >= expires_);
      const std::uint32_t value = control_ | (counted_ ? 1U << 16 : 0U);
      counted_ = false;
      return value;
    }
    case 0x4:
      return reload_;
    case 0x8: {
      if (!running()) {
        return 0;
      }
      const auto ticks = rate().ticks_in(now - base_) % (reload_ + 1ULL);
      return ticks == 0 ? 0 : static_cast<std::uint32_t>(reload_ + 1ULL - ticks);
    }
    case 0xC:
      return 0x40000000;  // CALIB: no exact 10 ms value
    default:
      return std::nullopt;
  }
}

bool SysTick::write(std::uint32_t offset, std::uint32_t value, base::Instant now) {
  switch (offset) {
    case 0x0: {
      const bool starts = (value & 1) != 0 && (control_ & 1) == 0;
      control_ = value & 7;
      if (starts) {
        restart(now);
      }
      return true;
    }
    case 0x4:
      reload_ = value & 0xFFFFFF;
      if (running()) {
        restart(now);
      }
      return true;
    case 0x8:
      counted_ = false;
      restart(now);
      return true;
    default:
      return offset == 0xC;
  }
}

bool SysTick::take_expiry(base::Instant now) {
  if (!running() || now < expires_) {
    return false;
  }
  counted_ = true;
  const auto length = period();
  const auto periods = (now - expires_) / length + 1;
  base_ = expires_ + length * (periods - 1);
  expires_ = base_ + length;
  return (control_ & 2) != 0;
}

std::optional<base::Instant> SysTick::next_event() const {
  if (running() && (control_ & 2) != 0) {
    return expires_;
  }
  return std::nullopt;
}

std::optional<base::Instant> SysTick::expiry() const {
  return running() ? std::optional(expires_) : std::nullopt;
}

std::optional<base::Instant> Timer2::next_flag() const {
  const auto first = std::min(match_at_, update_at_);
  return first == base::Instant::max() ? std::nullopt : std::optional(first);
}

std::uint32_t Timer2::count(base::Instant now) const {
  if (!running()) {
    return base_count_;
  }
  return static_cast<std::uint32_t>((base_count_ + rate_.ticks_in(now - base_)) % modulus());
}

void Timer2::rebase(base::Instant now, std::uint32_t count) {
  base_ = now;
  base_count_ = count;
  schedule(now);
}

base::Instant Timer2::when(std::uint64_t ticks_from_base) const {
  return base_ + rate_.time_for(ticks_from_base);
}

// The next compare match and overflow strictly after `now`.
void Timer2::schedule(base::Instant now) {
  match_at_ = update_at_ = base::Instant::max();
  if (!running()) {
    return;
  }
  const auto elapsed = rate_.ticks_in(now - base_);
  const auto current = (base_count_ + elapsed) % modulus();
  if (ccr1_ < modulus()) {
    const auto distance = (ccr1_ + modulus() - current - 1) % modulus() + 1;
    match_at_ = when(elapsed + distance);
  }
  update_at_ = when(elapsed + modulus() - current);
}

void Timer2::advance(base::Instant now) {
  if (now < match_at_ && now < update_at_) {
    return;
  }
  sr_ |= (now >= match_at_ ? 2U : 0U) | (now >= update_at_ ? 1U : 0U);
  schedule(now);
}

std::optional<base::Instant> Timer2::next_event() const {
  auto first = base::Instant::max();
  if ((dier_ & 2) != 0 && (sr_ & 2) == 0) {
    first = std::min(first, match_at_);
  }
  if ((dier_ & 1) != 0 && (sr_ & 1) == 0) {
    first = std::min(first, update_at_);
  }
  return first == base::Instant::max() ? std::nullopt : std::optional(first);
}

std::optional<base::Instant> Timer2::next_tick(base::Instant now) const {
  if (!running()) {
    return std::nullopt;
  }
  return when(rate_.ticks_in(now - base_) + 1);
}

void Timer2::set_clock(std::uint32_t hertz, base::Instant now) {
  if (hertz == hertz_) {
    return;
  }
  const auto current = count(now);
  hertz_ = hertz;
  rate_ = TickRate::of(hertz_, active_psc_ + 1ULL);
  rebase(now, current);
}

std::optional<std::uint32_t> Timer2::read(std::uint32_t offset, base::Instant now) {
  advance(now);
  switch (offset) {
    case 0x00:
      return cr1_;
    case 0x04:
    case 0x08:
      return 0;
    case 0x0C:
      return dier_;
    case 0x10:
      return sr_;
    case 0x18:
      return ccmr1_;
    case 0x20:
      return ccer_;
    case 0x24:
      return count(now);
    case 0x28:
      return psc_;
    case 0x2C:
      return arr_;
    case 0x34:
      return ccr1_;
    default:
      return std::nullopt;
  }
}

bool Timer2::write(std::uint32_t offset, std::uint32_t value, base::Instant now) {
  advance(now);
  const auto current = count(now);
  switch (offset) {
    case 0x00:
      cr1_ = value;
      rebase(now, current);
      return true;
    case 0x0C:
      dier_ = value;
      return true;
    case 0x10:
      sr_ &= value;  // flags are cleared by writing zero
      return true;
    case 0x14:
      if ((value & 2) != 0) {
        sr_ |= 2;
      }
      if ((value & 1) != 0) {
        active_psc_ = psc_;
        rate_ = TickRate::of(hertz_, active_psc_ + 1ULL);
        sr_ |= (cr1_ & 4) != 0 ? 0U : 1U;  // URS: a software update sets no flag
        rebase(now, 0);
      }
      return true;
    case 0x18:
      ccmr1_ = value;
      return true;
    case 0x20:
      ccer_ = value;
      return true;
    case 0x24:
      rebase(now, value);
      return true;
    case 0x28:
      psc_ = value & 0xFFFF;
      return true;
    case 0x2C:
      arr_ = value;
      schedule(now);
      return true;
    case 0x34:
      ccr1_ = value;
      schedule(now);
      return true;
    default:
      return offset == 0x04 || offset == 0x08;
  }
}

std::optional<std::uint32_t> Iwdg::read(std::uint32_t offset) const {
  switch (offset) {
    case 0x0:
    case 0xC:
      return 0;
    case 0x4:
      return prescaler_;
    case 0x8:
      return reload_;
    default:
      return std::nullopt;
  }
}

void Iwdg::reload(base::Instant now) {
  const auto tick = kLsiTick * (4 << std::min(prescaler_, 6U));
  expiry_ = now + tick * (reload_ + 1);
}

bool Iwdg::write(std::uint32_t offset, std::uint32_t value, base::Instant now) {
  switch (offset) {
    case 0x0:
      unlocked_ = value == 0x5555;
      if (value == 0xCCCC || (value == 0xAAAA && expiry_)) {
        reload(now);
      }
      return true;
    case 0x4:
      if (unlocked_) {
        prescaler_ = value & 7;
      }
      return true;
    case 0x8:
      if (unlocked_) {
        reload_ = value & 0xFFF;
      }
      return true;
    default:
      return offset == 0xC;
  }
}

}  // namespace rig::simulator
