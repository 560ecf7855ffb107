// The processor's own state and the clock that paces it: plain values, no emulator behind them.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"

namespace rig::simulator {

// ARMv7-M registers. The stack pointer is msp or psp, as CONTROL.SPSEL says in thread mode; handler
// mode (IPSR in xpsr is not zero) always uses msp.
struct CpuRegisters {
  std::array<std::uint32_t, 13> r{};
  std::uint32_t msp{};
  std::uint32_t psp{};
  std::uint32_t lr{};
  std::uint32_t pc{};
  std::uint32_t xpsr{};
  std::uint32_t control{};
  std::uint32_t primask{};
  std::uint32_t basepri{};
  std::uint32_t faultmask{};
  bool operator==(const CpuRegisters&) const = default;
};

// Cost of code: 1.2 cycles per half word at 120 MHz. A Cortex-M3 needs 1.2 to 1.6 cycles per
// instruction of about 1.3 half words; the flash accelerator hides most wait states. A whole number
// of nanoseconds, so that virtual time never rounds.
inline constexpr base::Duration kTimePerHalfWord{10};
// Exception entry or return: 12 cycles (Cortex-M3 TRM).
inline constexpr base::Duration kExceptionTime{100};

// Virtual time as the processor sees it. `now` is the start of the basic block in execution and
// `pending` what that block costs: it is added when the next block begins, so that whatever the
// block does is stamped before any event due later than its start. While an engine runs it keeps
// another count, and brings this one up to date for whoever it calls (block_pace.h).
struct CpuClock {
  base::Instant now{};
  base::Duration pending{};
  base::Instant deadline{};  // no block starts at or after it
  bool stop{false};          // no further block starts
  bool watch_masks{false};   // an exception waits for PRIMASK or BASEPRI to change
};

// Why the processor stopped.
enum class StopReason : std::uint8_t {
  asked,  // deadline or CpuClock::stop, at a block boundary
  wait_for_interrupt,
  wait_for_event,
  supervisor_call,
  exception_return,  // pc holds the EXC_RETURN value
  breakpoint,
  undefined_instruction,
  read_fault,
  write_fault,
  fetch_fault,
};
struct Stop {
  StopReason reason{};
  std::uint32_t address{};  // of a fault
};

}  // namespace rig::simulator
