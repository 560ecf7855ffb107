// Reset and clock control, power control and the RTC's backup registers (RM0033 5, 4, 21).
//
// Clock sources are ready at once. The PLL, whatever its factors, is taken as 120 MHz; prescalers
// count. Clock gates are stored but not enforced.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace rig::simulator {

enum class ResetCause : std::uint8_t { power, brownout, pin, software, watchdog };

class Rcc {
 public:
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset) const;
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value);
  // Registers to their reset values; the flags in CSR accumulate except that power clears the rest.
  void reset(ResetCause cause);

  [[nodiscard]] std::uint32_t core_hertz() const;
  [[nodiscard]] std::uint32_t bus1_hertz() const;   // USART3
  [[nodiscard]] std::uint32_t bus2_hertz() const;   // USART1
  [[nodiscard]] std::uint32_t timer_hertz() const;  // TIM2

 private:
  static constexpr std::size_t kWords = 0x88 / 4;
  std::array<std::uint32_t, kWords> registers_{};
  std::uint32_t reset_flags_{};
};

// PWR_CR.DBP guards the backup registers.
class BackupDomain {
 public:
  static constexpr unsigned kRegisters = 20;
  void write_power_control(std::uint32_t value) { power_control_ = value; }
  [[nodiscard]] std::uint32_t power_control() const { return power_control_; }
  [[nodiscard]] std::uint32_t read(unsigned index) const { return values_[index]; }
  void write(unsigned index, std::uint32_t value);
  void reset_interface() { power_control_ = 0; }
  void lose_supply() { values_.fill(0); }

 private:
  std::array<std::uint32_t, kRegisters> values_{};
  std::uint32_t power_control_{};
};

}  // namespace rig::simulator
