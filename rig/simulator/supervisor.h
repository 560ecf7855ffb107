// An external watchdog that power-cycles parts of the product when it is not fed (the second field
// report's ten-minute timer). Fed by rising edges on pin watchdog.feed. It is supplied with the
// board: without power it forgets, and it starts anew when power comes.
#pragma once

#include <optional>

#include "base/time.h"
#include "record/cut_plan.h"

namespace rig::simulator {

struct Supervisor {
  base::Duration period{std::chrono::minutes(10)};
  record::Domains domains{.board = true, .modem = true};
  base::Duration off_time{std::chrono::seconds(1)};
};

class SupervisorTimer {
 public:
  explicit SupervisorTimer(std::optional<Supervisor> settings) : settings_(settings) {}

  void board_on(base::Instant now) {
    due_ = settings_ ? std::optional(now + settings_->period) : std::nullopt;
    restore_.reset();
  }
  // The rig took the power away.
  void board_off() {
    due_.reset();
    restore_.reset();
  }
  void feed(base::Instant now) {
    if (due_) {
      due_ = now + settings_->period;
    }
  }
  // It expired: its domains go off now, and come back by themselves.
  void expire(base::Instant now) {
    due_.reset();
    restore_ = now + settings_->off_time;
  }
  [[nodiscard]] std::optional<base::Instant> expiry() const { return due_; }
  [[nodiscard]] std::optional<base::Instant> restore() const { return restore_; }
  [[nodiscard]] record::Domains domains() const { return settings_->domains; }

 private:
  std::optional<Supervisor> settings_;
  std::optional<base::Instant> due_;
  std::optional<base::Instant> restore_;
};

}  // namespace rig::simulator
