// Exception entry and return by the host, faults, sleep and lock-up (ARMv7-M ARM B1.5).
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "simulator/mcu.h"
#include "simulator/unicorn_loads.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kIpsr = 0x1FF;
constexpr std::uint32_t kThumb = 1U << 24;
constexpr std::uint32_t kIfThen = 0x0600FC00;
constexpr std::uint32_t kStackAligned = 1U << 9;
constexpr std::uint32_t kReturnToHandler = 0xFFFFFFF1;
constexpr std::uint32_t kReturnToThreadMain = 0xFFFFFFF9;
constexpr std::uint32_t kReturnToThreadProcess = 0xFFFFFFFD;
constexpr std::uint32_t kProcessStack = 2;  // CONTROL.SPSEL
constexpr std::uint32_t kFrameBytes = 32;
constexpr std::uint32_t kVectorReadError = 1U << 1;  // HFSR
constexpr std::uint32_t kEscalated = 1U << 30;

constexpr unsigned kIrqDma1Stream0 = kFirstInterrupt + 11;
constexpr unsigned kIrqFlash = kFirstInterrupt + 4;
constexpr unsigned kIrqTimer2 = kFirstInterrupt + 28;
constexpr unsigned kIrqUsart3 = kFirstInterrupt + 39;

// Positions of the USARTs by their bases (RM0033 table 61).
unsigned console_interrupt(std::uint32_t base) {
  switch (base) {
    case 0x40004400:
      return kFirstInterrupt + 38;
    case 0x40004800:
      return kIrqUsart3;
    case 0x40004C00:
      return kFirstInterrupt + 52;
    case 0x40005000:
      return kFirstInterrupt + 53;
    case 0x40011400:
      return kFirstInterrupt + 71;
    default:
      return kFirstInterrupt + 37;
  }
}

}  // namespace

void Mcu::update_lines(base::Instant now) {
  if (nordic()) {
    return;
  }
  nvic_.set_line(kIrqFlash, controller_.interrupt());
  nvic_.set_line(kIrqTimer2, timer_.interrupt());
  nvic_.set_line(console_interrupt(about_->console), console_.interrupt(now));
  if (about_->wired_modem) {
    nvic_.set_line(kIrqUsart3, modem_.interrupt(now));
  }
  nvic_.set_line(kIrqDma1Stream0 + kReceiveStream, dma_.interrupt(kReceiveStream));
  nvic_.set_line(kIrqDma1Stream0 + kTransmitStream, dma_.interrupt(kTransmitStream));
}

int Mcu::execution_priority(bool with_primask) const {
  auto priority = std::min(nvic_.active_priority(), nvic_.base_priority(registers_.basepri));
  if (with_primask && (registers_.primask & 1) != 0) {
    priority = std::min(priority, 0);
  }
  if ((registers_.faultmask & 1) != 0) {
    priority = std::min(priority, -1);
  }
  return priority;
}

void Mcu::take_exceptions() {
  for (int nesting = 0; nesting < 8 && state_ == State::running; ++nesting) {
    const auto next = nvic_.candidate(execution_priority(true));
    if (!next) {
      return;
    }
    enter(*next);
  }
}

std::uint32_t& Mcu::stack_pointer() {
  const bool thread = (registers_.xpsr & kIpsr) == 0;
  return thread && (registers_.control & kProcessStack) != 0 ? registers_.psp : registers_.msp;
}

std::optional<std::uint32_t> Mcu::memory_word(std::uint32_t address) const {
  const auto ram = ram_.bytes();
  if (address - about_->ram.start <= ram.size() - 4) {
    return base::read_le32(ram, address - about_->ram.start);
  }
  const MemoryRange& flash = about_->flash.range;
  const auto offset = flash.contains(address) ? address - flash.start : address;
  if (offset > flash.size - 4) {
    return std::nullopt;
  }
  note_read(offset, 4);
  if (marks_.unreadable(offset, 4)) return std::nullopt;
  return base::read_le32(flash_, offset);
}

bool Mcu::push_frame() {
  auto& stack = stack_pointer();
  const bool pad = (stack & 4) != 0 && nvic_.aligns_stack();
  const std::uint32_t frame = stack - kFrameBytes - (pad ? 4 : 0);
  const auto offset = frame - about_->ram.start;
  const auto ram = ram_.bytes();
  if (offset > ram.size() - kFrameBytes || (frame & 3) != 0) {
    return false;
  }
  stack = frame;
  const auto& r = registers_.r;
  const std::uint32_t words[]{
      r[0],  r[1],          r[2],          r[3],
      r[12], registers_.lr, registers_.pc, registers_.xpsr | (pad ? kStackAligned : 0)};
  for (std::uint32_t i = 0; i < 8; ++i) {
    base::write_le32(ram, offset + 4 * i, words[i]);
  }
  return true;
}

void Mcu::enter(unsigned exception) {
  const bool thread = (registers_.xpsr & kIpsr) == 0;
  const bool process = thread && (registers_.control & kProcessStack) != 0;
  const bool stacked = push_frame();
  nvic_.activate(exception);
  if (!stacked) {
    if (execution_priority(false) < 0) {
      lock_up("lockup: stacking failed in a fault handler");
      return;
    }
    raise(Fault{kBusFault, kStackingBusError, std::nullopt, "stacking failed"});
  }
  const auto vector = memory_word(nvic_.vector_table() + 4 * exception);
  registers_.lr = !thread   ? kReturnToHandler
                  : process ? kReturnToThreadProcess
                            : kReturnToThreadMain;
  registers_.control &= ~kProcessStack;
  registers_.xpsr = (registers_.xpsr & ~(kIpsr | kIfThen | kThumb)) | exception;
  if (!vector || (*vector & 1) == 0 || *vector == 0xFFFFFFFF) {
    nvic_.record_escalation(kVectorReadError);
    if (exception <= kHardFault) {
      lock_up("lockup: no hard fault vector");
      return;
    }
    nvic_.pend(kHardFault);
  }
  registers_.pc = vector.value_or(0) & ~1U;
  registers_.xpsr |= kThumb;
  clock_.now += kExceptionTime;
}

bool Mcu::pop_frame(std::uint32_t exc_return) {
  const bool process = exc_return == kReturnToThreadProcess;
  auto& stack = process ? registers_.psp : registers_.msp;
  const auto offset = stack - about_->ram.start;
  const auto ram = std::as_const(ram_).bytes();
  if (offset > ram.size() - kFrameBytes) {
    return false;
  }
  const auto word = [&](std::uint32_t index) { return base::read_le32(ram, offset + 4 * index); };
  for (std::uint32_t i = 0; i < 4; ++i) {
    registers_.r[i] = word(i);
  }
  registers_.r[12] = word(4);
  registers_.lr = word(5);
  registers_.pc = word(6) & ~1U;
  registers_.xpsr = word(7) & ~kStackAligned;
  stack += kFrameBytes + ((word(7) & kStackAligned) != 0 ? 4 : 0);
  registers_.control = (registers_.control & ~kProcessStack) | (process ? kProcessStack : 0);
  return true;
}

void Mcu::leave() {
  const auto exc_return = registers_.pc | 1U;
  const auto exception = registers_.xpsr & kIpsr;
  const bool valid = exc_return == kReturnToHandler || exc_return == kReturnToThreadMain ||
                     exc_return == kReturnToThreadProcess;
  nvic_.deactivate(exception);
  if (exception != kNmi) {
    registers_.faultmask = 0;
  }
  if (!valid) {
    registers_.xpsr &= ~kIpsr;
    raise(Fault{kUsageFault, kInvalidReturn, std::nullopt, "invalid exception return"});
    return;
  }
  if (!pop_frame(exc_return)) {
    raise(Fault{kBusFault, kUnstackingBusError, std::nullopt, "unstacking failed"});
    return;
  }
  clock_.now += kExceptionTime;
  if (nvic_.sleep_on_exit() && exc_return != kReturnToHandler) {
    state_ = State::sleeping;
    wake_if_pending(clock_.now);
  }
}

void Mcu::raise(const Fault& fault) {
  if (!fault.what.empty()) {
    note_fault(fault.what, fault.address.value_or(0));
  }
  nvic_.record_fault(fault.flags, fault.address);
  const auto priority = execution_priority(true);
  if (fault.exception != kHardFault && nvic_.fault_enabled(fault.exception) &&
      nvic_.priority(fault.exception) < priority) {
    nvic_.pend(fault.exception);
    return;
  }
  if (priority < 0) {
    lock_up("lockup");
    return;
  }
  nvic_.record_escalation(kEscalated);
  nvic_.pend(kHardFault);
}

// Nobody knows what the register would have said: whoever uses the chip says it, or leaves it.
void Mcu::raise(const BusError& error) {
  const std::string_view access = error.store ? "write" : "read";
  const bool is_register = in_window(error.address);
  note_fault(
      is_register
          ? fmt::format("unmodelled register: {} of 0x{:08x}; to answer it, add to the MCU's "
                        "stubs: - {{at: 0x{:08x}, size: 4}}",
                        access, error.address, error.address & ~3U)
          : fmt::format("bus fault: {}", access),
      error.address, error.pc);
  raise(Fault{kBusFault, kPreciseBusError, error.address, {}});
}

void Mcu::lock_up(std::string_view why) {
  if (state_ != State::locked_up) {
    note_fault(why, registers_.pc);
    state_ = State::locked_up;
  }
}

// WFI ends with any exception that would be taken were it not for PRIMASK.
void Mcu::wake_if_pending(base::Instant now) {
  if (state_ == State::sleeping && nvic_.candidate(execution_priority(false))) {
    state_ = State::running;
    clock_.now = std::max(clock_.now, now);
    busy();
    progress();
  }
}

bool Mcu::at_bad_ecc(std::uint32_t address) const {
  const MemoryRange& flash = about_->flash.range;
  return flash.contains(address) && marks_.unreadable(address - flash.start, 1);
}

bool Mcu::handle_fault(Stop stop) {
  switch (stop.reason) {
    case StopReason::read_fault:
    case StopReason::write_fault:
      raise(Fault{kBusFault, kPreciseBusError, stop.address,
                  stop.reason == StopReason::write_fault ? "bus fault: write"
                  : at_bad_ecc(stop.address)             ? "bus fault: read, the ECC is wrong"
                                                         : "bus fault: read"});
      return true;
    case StopReason::fetch_fault:
      registers_.pc = stop.address & ~1U;
      raise(Fault{kBusFault, kInstructionBusError, std::nullopt, "bus fault: instruction fetch"});
      return true;
    case StopReason::undefined_instruction:
      raise(Fault{kUsageFault, kUndefinedInstruction, std::nullopt, "undefined instruction"});
      return true;
    case StopReason::breakpoint:
      raise(Fault{kHardFault, 0, std::nullopt, "breakpoint"});
      return true;
    case StopReason::asked:
    case StopReason::wait_for_interrupt:
    case StopReason::wait_for_event:
    case StopReason::supervisor_call:
    case StopReason::exception_return:
      return false;
  }
  return false;
}

// After the load, which got what is there.
void Mcu::raise_bad_ecc() {
  if (marks_.empty()) return;
  const auto address = take_unreadable();
  if (!address) return;
  note_fault("flash: the ECC of a word is wrong: NMI", *address);
  nvic_.pend(kNmi);
}

void Mcu::handle_stop(Stop stop) {
  raise_bad_ecc();
  if (bus_error_) {
    raise(*std::exchange(bus_error_, std::nullopt));
  }
  if (handle_fault(stop)) {
    return;
  }
  if (stop.reason == StopReason::exception_return) {
    leave();
  } else if (stop.reason == StopReason::supervisor_call) {
    if (nvic_.priority(kSvCall) < execution_priority(true)) {
      nvic_.pend(kSvCall);
    } else {
      raise(Fault{kHardFault, 0, std::nullopt, "SVC with its priority masked"});
    }
  } else if (stop.reason == StopReason::wait_for_interrupt) {
    state_ = State::sleeping;
    wake_if_pending(clock_.now);
  }
  if (reset_wanted_) {
    reset(ResetCause::software, "software", clock_.now);
  }
}

}  // namespace rig::simulator
