#include "simulator/nordic.h"

#include <algorithm>

namespace rig::simulator {
namespace {

constexpr MemoryRange kPowerAndClock{0x40000000, 0x1000};
constexpr MemoryRange kWatchdog{0x40010000, 0x1000};
constexpr std::uint32_t kUartBytes = 0x1000;

constexpr std::uint32_t kStartHighClock = 0x000;
constexpr std::uint32_t kStopHighClock = 0x004;
constexpr std::uint32_t kStartLowClock = 0x008;
constexpr std::uint32_t kStopLowClock = 0x00C;
constexpr std::uint32_t kHighClockStarted = 0x100;
constexpr std::uint32_t kLowClockStarted = 0x104;
constexpr std::uint32_t kResetReason = 0x400;
constexpr std::uint32_t kHighClockRun = 0x408;
constexpr std::uint32_t kHighClockStatus = 0x40C;
constexpr std::uint32_t kLowClockRun = 0x414;
constexpr std::uint32_t kLowClockStatus = 0x418;
constexpr std::uint32_t kRetained = 0x51C;
constexpr std::uint32_t kRunning = 1U << 16;
constexpr std::uint32_t kCrystal = 1;

// INTENSET, INTENCLR, POFCON, LFCLKSRC, RAMON, DCDCEN: stored.
constexpr std::array<std::uint32_t, 8> kPowerPlain{0x304, 0x308, 0x510, 0x518,
                                                   0x524, 0x554, 0x578, 0x580};

constexpr std::uint32_t kWatchdogStart = 0x000;
constexpr std::uint32_t kWatchdogRuns = 0x400;
constexpr std::uint32_t kWatchdogReload = 0x504;
constexpr std::uint32_t kWatchdogRequests = 0x508;
constexpr std::uint32_t kWatchdogConfig = 0x50C;
constexpr std::uint32_t kWatchdogFeed = 0x600;
constexpr std::uint32_t kWatchdogFeeds = 8;
constexpr std::uint32_t kFeedWord = 0x6E524635;
constexpr std::int64_t kLowClockHertz = 32'768;

// RESETREAS. A power-on leaves none.
std::uint32_t reason_of(ResetCause cause) {
  switch (cause) {
    case ResetCause::power:
    case ResetCause::brownout:
      return 0;
    case ResetCause::pin:
      return 1U << 0;
    case ResetCause::watchdog:
      return 1U << 1;
    case ResetCause::software:
      return 1U << 2;
  }
  return 0;
}

bool is_plain_of_power(std::uint32_t offset) {
  return std::find(kPowerPlain.begin(), kPowerPlain.end(), offset) != kPowerPlain.end();
}

}  // namespace

void Nordic::reset(ResetCause cause) {
  const bool power = cause == ResetCause::power || cause == ResetCause::brownout;
  const std::uint32_t reasons = (power ? 0 : reset_reason_) | reason_of(cause);
  const auto retained = power ? std::array<std::uint32_t, 2>{} : retained_;
  console.reset();
  NordicUart kept = std::move(console);
  *this = Nordic(console_base_);
  console = std::move(kept);
  reset_reason_ = reasons;
  retained_ = retained;
}

std::optional<std::uint32_t> Nordic::read_power(std::uint32_t offset) const {
  switch (offset) {
    case kHighClockStarted:
      return high_clock_event_ ? 1 : 0;
    case kLowClockStarted:
      return low_clock_event_ ? 1 : 0;
    case kResetReason:
      return reset_reason_;
    case kHighClockRun:
      return high_clock_ ? 1 : 0;
    case kHighClockStatus:
      return high_clock_ ? kRunning | kCrystal : kRunning;
    case kLowClockRun:
      return low_clock_ ? 1 : 0;
    case kLowClockStatus:
      return low_clock_ ? kRunning : 0;
    case kRetained:
    case kRetained + 4:
      return retained_[(offset - kRetained) / 4];
    default:
      break;
  }
  if (!is_plain_of_power(offset)) return std::nullopt;
  const auto stored = plain_.find(offset);
  return stored == plain_.end() ? 0 : stored->second;
}

bool Nordic::write_power(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case kStartHighClock:
      high_clock_ = high_clock_event_ = true;
      return true;
    case kStopHighClock:
      high_clock_ = false;
      return true;
    case kStartLowClock:
      low_clock_ = low_clock_event_ = true;
      return true;
    case kStopLowClock:
      low_clock_ = false;
      return true;
    case kHighClockStarted:
      high_clock_event_ = high_clock_event_ && value != 0;
      return true;
    case kLowClockStarted:
      low_clock_event_ = low_clock_event_ && value != 0;
      return true;
    case kResetReason:
      reset_reason_ &= ~value;
      return true;
    case kRetained:
    case kRetained + 4:
      retained_[(offset - kRetained) / 4] = value & 0xFF;
      return true;
    default:
      if (!is_plain_of_power(offset)) return false;
      plain_[offset] = value;
      return true;
  }
}

std::optional<std::uint32_t> Nordic::read_watchdog(std::uint32_t offset) const {
  switch (offset) {
    case kWatchdogRuns:
      return expiry_ ? 1 : 0;
    case kWatchdogReload:
      return watchdog_reload_;
    case kWatchdogRequests:
      return watchdog_requests_;
    case kWatchdogConfig:
      return 1;
    default:
      return std::nullopt;
  }
}

bool Nordic::write_watchdog(std::uint32_t offset, std::uint32_t value, base::Instant now) {
  const auto restart = [&] {
    const auto ticks = std::int64_t{watchdog_reload_} + 1;
    expiry_ = now + base::Duration(ticks * 1'000'000'000 / kLowClockHertz);
  };
  if (offset - kWatchdogFeed < 4 * kWatchdogFeeds) {
    if (expiry_ && value == kFeedWord) restart();
    return true;
  }
  switch (offset) {
    case kWatchdogStart:
      if (!expiry_) restart();
      return true;
    case kWatchdogReload:
      if (!expiry_) watchdog_reload_ = value;
      return true;
    case kWatchdogRequests:
      if (!expiry_) watchdog_requests_ = value;
      return true;
    case kWatchdogConfig:
      return true;
    default:
      return false;
  }
}

std::optional<std::uint32_t> Nordic::read(std::uint32_t address, base::Instant now) const {
  if (address - console_base_ < kUartBytes) return console.read(address - console_base_, now);
  if (kPowerAndClock.contains(address)) return read_power(address - kPowerAndClock.start);
  return kWatchdog.contains(address) ? read_watchdog(address - kWatchdog.start) : std::nullopt;
}

bool Nordic::write(std::uint32_t address, std::uint32_t value, base::Instant now,
                   NordicUart::Memory memory) {
  if (address - console_base_ < kUartBytes) {
    return console.write(address - console_base_, value, now, memory);
  }
  if (kPowerAndClock.contains(address)) return write_power(address - kPowerAndClock.start, value);
  return kWatchdog.contains(address) && write_watchdog(address - kWatchdog.start, value, now);
}

std::optional<base::Instant> Nordic::next_change(std::uint32_t address, base::Instant now) const {
  return address - console_base_ < kUartBytes ? console.next_change(now) : std::nullopt;
}

}  // namespace rig::simulator
