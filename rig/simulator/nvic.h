// Exceptions of a Cortex-M3: what is pending, enabled and active, with which priority, and the
// system control block. Bookkeeping only; who enters and leaves handlers is exceptions.h.
// ARMv7-M ARM B1.5, B3.2, B3.4. STM32F205: 81 interrupts, 4 priority bits (PM0056).
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>

namespace rig::simulator {

// Exception numbers; external interrupt n is kFirstInterrupt + n.
inline constexpr unsigned kNmi = 2;
inline constexpr unsigned kHardFault = 3;
inline constexpr unsigned kMemManage = 4;
inline constexpr unsigned kBusFault = 5;
inline constexpr unsigned kUsageFault = 6;
inline constexpr unsigned kSvCall = 11;
inline constexpr unsigned kPendSv = 14;
inline constexpr unsigned kSysTickException = 15;
inline constexpr unsigned kFirstInterrupt = 16;
inline constexpr unsigned kExceptions = kFirstInterrupt + 81;

inline constexpr int kThreadPriority = 256;  // less urgent than every configurable priority

// CFSR bits.
inline constexpr std::uint32_t kPreciseBusError = 1U << 9;
inline constexpr std::uint32_t kImpreciseBusError = 1U << 10;
inline constexpr std::uint32_t kInstructionBusError = 1U << 8;
inline constexpr std::uint32_t kUnstackingBusError = 1U << 11;
inline constexpr std::uint32_t kStackingBusError = 1U << 12;
inline constexpr std::uint32_t kBusFaultAddressValid = 1U << 15;
inline constexpr std::uint32_t kUndefinedInstruction = 1U << 16;
inline constexpr std::uint32_t kInvalidState = 1U << 17;
inline constexpr std::uint32_t kInvalidReturn = 1U << 18;

class Nvic {
 public:
  // Offsets from 0xE000E000, word aligned; empty or false: not modelled.
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset) const;
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value);

  void pend(unsigned exception) { pending_.set(exception); }
  // A level-sensitive line: pends while it is high and its handler is not running.
  void set_line(unsigned exception, bool high);
  // The most urgent exception that is pending and enabled and more urgent than `floor`.
  [[nodiscard]] std::optional<unsigned> candidate(int floor) const;
  [[nodiscard]] bool anything_pending() const { return (pending_ & enabled_).any(); }
  // Group priority; NMI -2, hard fault -1.
  [[nodiscard]] int priority(unsigned exception) const;
  // The most urgent active exception's priority, or kThreadPriority.
  [[nodiscard]] int active_priority() const;
  // The priority that a value of BASEPRI masks from; kThreadPriority for 0.
  [[nodiscard]] int base_priority(std::uint32_t basepri) const;

  void activate(unsigned exception);
  void deactivate(unsigned exception) { active_.reset(exception); }
  [[nodiscard]] bool active(unsigned exception) const { return active_.test(exception); }
  [[nodiscard]] std::size_t active_count() const { return active_.count(); }

  [[nodiscard]] std::uint32_t vector_table() const { return vtor_; }
  [[nodiscard]] bool reset_requested() const { return reset_requested_; }
  [[nodiscard]] bool fault_enabled(unsigned exception) const;
  [[nodiscard]] bool sleep_on_exit() const { return (scr_ & 2) != 0; }
  [[nodiscard]] bool aligns_stack() const { return (ccr_ & 0x200) != 0; }
  void record_fault(std::uint32_t cfsr_bits, std::optional<std::uint32_t> address);
  void record_escalation(std::uint32_t hfsr_bit) { hfsr_ |= hfsr_bit; }

 private:
  using Set = std::bitset<kExceptions>;

  [[nodiscard]] static std::uint32_t word(const Set& set, unsigned index);
  [[nodiscard]] std::uint32_t priority_word(unsigned first) const;
  void set_priority_word(unsigned first, std::uint32_t value);
  [[nodiscard]] bool write_interrupts(std::uint32_t offset, std::uint32_t value);
  [[nodiscard]] std::optional<std::uint32_t> read_system(std::uint32_t offset) const;
  [[nodiscard]] bool write_system(std::uint32_t offset, std::uint32_t value);
  [[nodiscard]] std::uint32_t control_state() const;
  void write_control_state(std::uint32_t value);
  [[nodiscard]] std::uint32_t group_mask() const { return (0xFFU << (prigroup_ + 1)) & 0xFF; }

  Set pending_;
  Set active_;
  // Everything below the first interrupt is always enabled here; fault handlers that SHCSR switches
  // off are escalated before they are ever pended.
  Set enabled_{0xFFFF};
  std::array<std::uint8_t, kExceptions> priorities_{};
  std::uint32_t vtor_{};
  std::uint32_t prigroup_{};
  std::uint32_t scr_{};
  std::uint32_t ccr_{0x200};
  std::uint32_t shcsr_{};
  std::uint32_t cfsr_{};
  std::uint32_t hfsr_{};
  std::uint32_t bfar_{};
  std::uint32_t mmfar_{};
  std::uint32_t actlr_{};
  bool reset_requested_{false};
};

}  // namespace rig::simulator
