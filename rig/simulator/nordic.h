// What a bootloader of an nRF51 or nRF52 needs besides the NVMC (nRF52832 and nRF52840 product
// specifications): CLOCK and POWER with the reset reasons and the retained registers, the watchdog,
// and the console's UART, with and without EasyDMA. In virtual time, not stepped.
//
// Clocks start at once. The console only transmits, 8N1, and raises no interrupts. The watchdog
// counts from its start, whatever the processor does. GPIO, timers, FICR and UICR are for stubs.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "simulator/mcu_description.h"
#include "simulator/rcc.h"
#include "simulator/usart.h"

namespace rig::simulator {

// Transmits what is stored to TXD, or from memory.
class NordicUart {
 public:
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset, base::Instant now) const;
  // `ram` begins at `ram_start`; EasyDMA sees no other memory.
  struct Memory {
    base::ByteView ram;
    std::uint32_t ram_start{};
  };
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, base::Instant now,
                           Memory memory);
  // Registers; what is on the wire is not touched.
  void reset();
  // When an event register will next change by itself.
  [[nodiscard]] std::optional<base::Instant> next_change(base::Instant now) const;

  Transmitter transmitter;

 private:
  // An event that comes at an instant, or has come, until it is cleared.
  using Coming = std::optional<base::Instant>;

  void send(std::uint8_t value, base::Instant now);
  void send_block(base::Instant now, Memory memory);
  [[nodiscard]] bool started(std::uint32_t enable) const {
    return transmitting_ && enable_ == enable;
  }

  std::uint32_t enable_{};
  bool transmitting_{};
  Coming ready_;
  Coming block_sent_;
  Coming stopped_;
  std::uint32_t pointer_{};
  std::uint32_t count_{};
  std::uint32_t sent_{};
  std::map<std::uint32_t, std::uint32_t> plain_;  // stored, without effect
};

class Nordic {
 public:
  explicit Nordic(std::uint32_t console_base) : console_base_(console_base) {}

  // Empty or false: not modelled.
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t address, base::Instant now) const;
  [[nodiscard]] bool write(std::uint32_t address, std::uint32_t value, base::Instant now,
                           NordicUart::Memory memory);
  void reset(ResetCause cause);
  // The watchdog's.
  [[nodiscard]] std::optional<base::Instant> expiry() const { return expiry_; }
  // When what is read at `address` will next change by itself.
  [[nodiscard]] std::optional<base::Instant> next_change(std::uint32_t address,
                                                         base::Instant now) const;

  NordicUart console;

 private:
  [[nodiscard]] std::optional<std::uint32_t> read_power(std::uint32_t offset) const;
  [[nodiscard]] bool write_power(std::uint32_t offset, std::uint32_t value);
  [[nodiscard]] std::optional<std::uint32_t> read_watchdog(std::uint32_t offset) const;
  [[nodiscard]] bool write_watchdog(std::uint32_t offset, std::uint32_t value, base::Instant now);

  std::uint32_t console_base_;
  std::uint32_t reset_reason_{};
  std::array<std::uint32_t, 2> retained_{};  // GPREGRET: survive a reset, not a loss of power
  bool high_clock_{};
  bool low_clock_{};
  bool high_clock_event_{};
  bool low_clock_event_{};
  std::map<std::uint32_t, std::uint32_t> plain_;
  std::uint32_t watchdog_reload_{0xFFFFFFFF};
  std::uint32_t watchdog_requests_{1};
  std::optional<base::Instant> expiry_;
};

}  // namespace rig::simulator
