// Counters that are derived from virtual time instead of being stepped: SysTick (ARMv7-M ARM B3.3),
// TIM2 as a free-running counter with one compare channel (RM0033 15.4), and the independent
// watchdog (RM0033 19). Each says when it will next do something on its own.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "simulator/tick_rate.h"

namespace rig::simulator {

class SysTick {
 public:
  // Offsets from 0xE000E010.
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset, base::Instant now);
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, base::Instant now);
  // True when the counter reached zero since the last call and interrupts are enabled.
  [[nodiscard]] bool take_expiry(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> next_event() const;
  // When it will next reach zero.
  [[nodiscard]] std::optional<base::Instant> expiry() const;

 private:
  [[nodiscard]] bool running() const { return (control_ & 1) != 0 && reload_ != 0; }
  [[nodiscard]] base::Duration period() const;
  [[nodiscard]] TickRate rate() const;
  void restart(base::Instant now);

  std::uint32_t control_{};
  std::uint32_t reload_{};
  base::Instant base_{};     // the counter held zero here
  base::Instant expires_{};  // next time it reaches zero
  bool counted_{false};      // COUNTFLAG
};

// Up-counting only, no capture, no other channel than 1; other bits are stored and have no effect.
class Timer2 {
 public:
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset, base::Instant now);
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, base::Instant now);
  // The timer's input clock changed.
  void set_clock(std::uint32_t hertz, base::Instant now);
  void advance(base::Instant now);
  [[nodiscard]] bool interrupt() const { return (sr_ & dier_ & 3) != 0; }
  // When a flag whose interrupt is enabled will be set.
  [[nodiscard]] std::optional<base::Instant> next_event() const;
  // When SR will next change.
  [[nodiscard]] std::optional<base::Instant> next_flag() const;
  // When CNT will next read differently.
  [[nodiscard]] std::optional<base::Instant> next_tick(base::Instant now) const;

 private:
  [[nodiscard]] bool running() const { return (cr1_ & 1) != 0; }
  [[nodiscard]] std::uint64_t modulus() const { return static_cast<std::uint64_t>(arr_) + 1; }
  [[nodiscard]] std::uint32_t count(base::Instant now) const;
  void rebase(base::Instant now, std::uint32_t count);
  void schedule(base::Instant now);
  [[nodiscard]] base::Instant when(std::uint64_t ticks_from_base) const;

  std::uint32_t cr1_{};
  std::uint32_t dier_{};
  std::uint32_t sr_{};
  std::uint32_t ccmr1_{};
  std::uint32_t ccer_{};
  std::uint32_t psc_{};  // preload; takes effect at an update
  std::uint32_t active_psc_{};
  std::uint32_t arr_{0xFFFFFFFF};
  std::uint32_t ccr1_{};
  std::uint32_t hertz_{16'000'000};
  TickRate rate_{TickRate::of(16'000'000, 1)};
  base::Instant base_{};  // CNT was base_count_ exactly here
  std::uint32_t base_count_{};
  base::Instant match_at_{base::Instant::max()};
  base::Instant update_at_{base::Instant::max()};
};

// LSI 32 kHz; once started it stops only with a reset. Its status flags never show busy.
class Iwdg {
 public:
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset) const;
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, base::Instant now);
  [[nodiscard]] std::optional<base::Instant> expiry() const { return expiry_; }

 private:
  void reload(base::Instant now);

  std::uint32_t prescaler_{};
  std::uint32_t reload_{0xFFF};
  bool unlocked_{false};
  std::optional<base::Instant> expiry_;
};

}  // namespace rig::simulator
