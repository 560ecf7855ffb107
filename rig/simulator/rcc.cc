#include "simulator/rcc.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kCr = 0x00;
constexpr std::uint32_t kCfgr = 0x08;
constexpr std::uint32_t kBdcr = 0x70;
constexpr std::uint32_t kCsr = 0x74;
constexpr std::uint32_t kInternalHertz = 16'000'000;
constexpr std::uint32_t kExternalHertz = 26'000'000;
constexpr std::uint32_t kPllHertz = 120'000'000;

// CSR flags, RM0033 5.3.21.
constexpr std::uint32_t kRemoveFlags = 1U << 24;
constexpr std::uint32_t kBrownoutFlag = 1U << 25;
constexpr std::uint32_t kPinFlag = 1U << 26;
constexpr std::uint32_t kPowerFlag = 1U << 27;
constexpr std::uint32_t kSoftwareFlag = 1U << 28;
constexpr std::uint32_t kWatchdogFlag = 1U << 29;

// Every internal reset also pulls NRST low, so the pin flag is always set.
std::uint32_t flags_of(ResetCause cause) {
  switch (cause) {
    case ResetCause::power:
      return kPowerFlag | kBrownoutFlag | kPinFlag;
    case ResetCause::brownout:
      return kBrownoutFlag | kPinFlag;
    case ResetCause::pin:
      return kPinFlag;
    case ResetCause::software:
      return kSoftwareFlag | kPinFlag;
    case ResetCause::watchdog:
      return kWatchdogFlag | kPinFlag;
  }
  return 0;
}

// Ready flags follow their enable bits, one bit above.
constexpr std::uint32_t ready_of(std::uint32_t value, std::uint32_t enables) {
  return value | (value & enables) << 1;
}

std::uint32_t bus_divider(std::uint32_t bits) { return bits < 4 ? 1 : 2U << (bits - 4); }

std::uint32_t core_divider(std::uint32_t bits) {
  constexpr std::array<std::uint32_t, 8> kDividers{2, 4, 8, 16, 64, 128, 256, 512};
  return bits < 8 ? 1 : kDividers[bits - 8];
}

}  // namespace

void Rcc::reset(ResetCause cause) {
  const auto backup_control = registers_[kBdcr / 4];
  registers_.fill(0);
  registers_[kCr / 4] = 0x83;
  registers_[0x04 / 4] = 0x24003010;
  registers_[0x30 / 4] = 0x00100000;
  registers_[kBdcr / 4] = cause == ResetCause::power ? 0 : backup_control;
  reset_flags_ = (cause == ResetCause::power ? 0 : reset_flags_) | flags_of(cause);
}

std::optional<std::uint32_t> Rcc::read(std::uint32_t offset) const {
  if (offset / 4 >= kWords) {
    return std::nullopt;
  }
  const auto value = registers_[offset / 4];
  switch (offset) {
    case kCr:
      return ready_of(value, 1U << 0 | 1U << 16 | 1U << 24 | 1U << 26);
    case kCfgr:
      return (value & ~0xCU) | (value & 3) << 2;
    case kBdcr:
      return ready_of(value, 1);
    case kCsr:
      return ready_of(value & 1, 1) | reset_flags_;
    default:
      return value;
  }
}

bool Rcc::write(std::uint32_t offset, std::uint32_t value) {
  if (offset / 4 >= kWords) {
    return false;
  }
  if (offset == kCsr) {
    if ((value & kRemoveFlags) != 0) {
      reset_flags_ = 0;
    }
    value &= 1;
  }
  registers_[offset / 4] = value;
  return true;
}

std::uint32_t Rcc::core_hertz() const {
  const auto cfgr = registers_[kCfgr / 4];
  const auto source = cfgr & 3;
  const auto hertz = source == 0 ? kInternalHertz : source == 1 ? kExternalHertz : kPllHertz;
  return hertz / core_divider((cfgr >> 4) & 15);
}

std::uint32_t Rcc::bus1_hertz() const {
  return core_hertz() / bus_divider((registers_[kCfgr / 4] >> 10) & 7);
}

std::uint32_t Rcc::bus2_hertz() const {
  return core_hertz() / bus_divider((registers_[kCfgr / 4] >> 13) & 7);
}

std::uint32_t Rcc::timer_hertz() const {
  const auto divider = bus_divider((registers_[kCfgr / 4] >> 10) & 7);
  return bus1_hertz() * (divider == 1 ? 1 : 2);
}

void BackupDomain::write(unsigned index, std::uint32_t value) {
  constexpr std::uint32_t kDisableProtection = 1U << 8;
  if ((power_control_ & kDisableProtection) != 0) {
    values_[index] = value;
  }
}

}  // namespace rig::simulator
