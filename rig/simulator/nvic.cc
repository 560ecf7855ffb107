#include "simulator/nvic.h"

#include <algorithm>

namespace rig::simulator {
namespace {

constexpr std::uint32_t kSetEnable = 0x100;
constexpr std::uint32_t kClearEnable = 0x180;
constexpr std::uint32_t kSetPending = 0x200;
constexpr std::uint32_t kClearPending = 0x280;
constexpr std::uint32_t kActive = 0x300;
constexpr std::uint32_t kPriority = 0x400;
constexpr std::uint32_t kPriorityEnd = 0x400 + 84;
constexpr std::uint32_t kRegistersPerBank = 3;  // 81 interrupts
constexpr std::uint32_t kKey = 0x05FA;

bool in_bank(std::uint32_t offset, std::uint32_t bank) {
  return offset >= bank && offset < bank + kRegistersPerBank * 4;
}

}  // namespace

std::uint32_t Nvic::word(const Set& set, unsigned index) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 32; ++i) {
    const unsigned exception = kFirstInterrupt + index * 32 + i;
    if (exception < kExceptions && set.test(exception)) {
      bits |= 1U << i;
    }
  }
  return bits;
}

std::uint32_t Nvic::priority_word(unsigned first) const {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 4 && first + i < kExceptions; ++i) {
    bits |= static_cast<std::uint32_t>(priorities_[first + i]) << (8 * i);
  }
  return bits;
}

// Four priority bits: the low half of every byte reads as zero.
void Nvic::set_priority_word(unsigned first, std::uint32_t value) {
  for (unsigned i = 0; i < 4 && first + i < kExceptions; ++i) {
    priorities_[first + i] = static_cast<std::uint8_t>((value >> (8 * i)) & 0xF0);
  }
}

std::optional<std::uint32_t> Nvic::read(std::uint32_t offset) const {
  if (in_bank(offset, kSetEnable) || in_bank(offset, kClearEnable)) {
    return word(enabled_, (offset & 0x7F) / 4);
  }
  if (in_bank(offset, kSetPending) || in_bank(offset, kClearPending)) {
    return word(pending_, (offset & 0x7F) / 4);
  }
  if (in_bank(offset, kActive)) {
    return word(active_, (offset - kActive) / 4);
  }
  if (offset >= kPriority && offset < kPriorityEnd) {
    return priority_word(kFirstInterrupt + offset - kPriority);
  }
  return read_system(offset);
}

bool Nvic::write_interrupts(std::uint32_t offset, std::uint32_t value) {
  const bool enable = in_bank(offset, kSetEnable) || in_bank(offset, kClearEnable);
  const bool set = in_bank(offset, kSetEnable) || in_bank(offset, kSetPending);
  Set& target = enable ? enabled_ : pending_;
  const unsigned first = kFirstInterrupt + (offset & 0x7F) / 4 * 32;
  for (unsigned i = 0; i < 32 && first + i < kExceptions; ++i) {
    if ((value >> i & 1) != 0) {
      target.set(first + i, set);
    }
  }
  return true;
}

bool Nvic::write(std::uint32_t offset, std::uint32_t value) {
  if (in_bank(offset, kSetEnable) || in_bank(offset, kClearEnable) ||
      in_bank(offset, kSetPending) || in_bank(offset, kClearPending)) {
    return write_interrupts(offset, value);
  }
  if (offset >= kPriority && offset < kPriorityEnd) {
    set_priority_word(kFirstInterrupt + offset - kPriority, value);
    return true;
  }
  // Firmware clears all banks and priorities in loops over the architectural maximum.
  if (offset >= kSetEnable && offset < 0x4F0) {
    return true;
  }
  return write_system(offset, value);
}

void Nvic::set_line(unsigned exception, bool high) {
  if (high && !active_.test(exception)) {
    pending_.set(exception);
  }
}

int Nvic::priority(unsigned exception) const {
  if (exception == kNmi) {
    return -2;
  }
  if (exception == kHardFault) {
    return -1;
  }
  return static_cast<int>(priorities_[exception] & group_mask());
}

std::optional<unsigned> Nvic::candidate(int floor) const {
  const Set ready = pending_ & enabled_;
  if (ready.none()) {
    return std::nullopt;
  }
  std::optional<unsigned> best;
  int best_order = 0;
  for (unsigned exception = kNmi; exception < kExceptions; ++exception) {
    if (!ready.test(exception) || priority(exception) >= floor) {
      continue;
    }
    // Among equal group priorities the sub-priority and then the lower number goes first.
    const int order = exception <= kHardFault ? priority(exception) : priorities_[exception];
    if (!best || order < best_order) {
      best = exception;
      best_order = order;
    }
  }
  return best;
}

int Nvic::active_priority() const {
  int most_urgent = kThreadPriority;
  if (active_.none()) {
    return most_urgent;
  }
  for (unsigned exception = kNmi; exception < kExceptions; ++exception) {
    if (active_.test(exception)) {
      most_urgent = std::min(most_urgent, priority(exception));
    }
  }
  return most_urgent;
}

int Nvic::base_priority(std::uint32_t basepri) const {
  const auto masked = basepri & 0xF0 & group_mask();
  return masked == 0 ? kThreadPriority : static_cast<int>(masked);
}

void Nvic::activate(unsigned exception) {
  pending_.reset(exception);
  active_.set(exception);
}

bool Nvic::fault_enabled(unsigned exception) const {
  return exception >= kMemManage && exception <= kUsageFault &&
         (shcsr_ >> (16 + exception - kMemManage) & 1) != 0;
}

void Nvic::record_fault(std::uint32_t cfsr_bits, std::optional<std::uint32_t> address) {
  cfsr_ |= cfsr_bits;
  if (address) {
    cfsr_ |= kBusFaultAddressValid;
    bfar_ = *address;
  }
}

std::uint32_t Nvic::control_state() const {
  std::uint32_t active = 0;
  for (unsigned exception = 1; exception < kExceptions; ++exception) {
    if (active_.test(exception)) {
      active = exception;
    }
  }
  const auto first = candidate(kThreadPriority + 1);
  const auto bit = [this](unsigned exception, unsigned at) {
    return pending_.test(exception) ? 1U << at : 0U;
  };
  const std::uint32_t to_base = active_.count() <= 1 ? 1U << 11 : 0U;
  return active | to_base | (first ? *first << 12 | 1U << 22 : 0U) | bit(kNmi, 31) |
         bit(kPendSv, 28) | bit(kSysTickException, 26);
}

void Nvic::write_control_state(std::uint32_t value) {
  const auto set = [&](unsigned at, unsigned exception, bool pending) {
    if ((value >> at & 1) != 0) {
      pending_.set(exception, pending);
    }
  };
  set(31, kNmi, true);
  set(28, kPendSv, true);
  set(27, kPendSv, false);
  set(26, kSysTickException, true);
  set(25, kSysTickException, false);
}

std::optional<std::uint32_t> Nvic::read_system(std::uint32_t offset) const {
  switch (offset) {
    case 0x004:
      return 2;  // ICTR: up to 96 interrupts
    case 0x008:
      return actlr_;
    case 0xD00:
      return 0x412FC230;  // CPUID: Cortex-M3 r2p0
    case 0xD04:
      return control_state();
    case 0xD08:
      return vtor_;
    case 0xD0C:
      return 0xFA050000U | prigroup_ << 8;
    case 0xD10:
      return scr_;
    case 0xD14:
      return ccr_;
    case 0xD18:
    case 0xD1C:
    case 0xD20:
      return priority_word(kMemManage + offset - 0xD18);
    case 0xD24:
      return shcsr_;
    case 0xD28:
      return cfsr_;
    case 0xD2C:
      return hfsr_;
    case 0xD30:
    case 0xD3C:
      return 0;
    case 0xD34:
      return mmfar_;
    case 0xD38:
      return bfar_;
    default:
      return std::nullopt;
  }
}

bool Nvic::write_system(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case 0x008:
      actlr_ = value;
      return true;
    case 0xD04:
      write_control_state(value);
      return true;
    case 0xD08:
      vtor_ = value & 0x3FFFFF80;
      return true;
    case 0xD0C:
      if (value >> 16 == kKey) {
        prigroup_ = (value >> 8) & 7;
        reset_requested_ = reset_requested_ || (value & 4) != 0;
      }
      return true;
    case 0xD10:
      scr_ = value;
      return true;
    case 0xD14:
      ccr_ = value;
      return true;
    case 0xD18:
    case 0xD1C:
    case 0xD20:
      set_priority_word(kMemManage + offset - 0xD18, value);
      return true;
    case 0xD24:
      shcsr_ = value & 0x00070000;
      return true;
    case 0xD28:
      cfsr_ &= ~value;
      return true;
    case 0xD2C:
      hfsr_ &= ~value;
      return true;
    case 0xD30:
    case 0xD34:
    case 0xD38:
    case 0xD3C:
      return true;
    case 0xF00:
      if (kFirstInterrupt + (value & 0x1FF) < kExceptions) {
        pending_.set(kFirstInterrupt + (value & 0x1FF));
      }
      return true;
    default:
      return false;
  }
}

}  // namespace rig::simulator
