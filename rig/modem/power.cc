#include "modem/power.h"

namespace rig::modem {

using namespace std::chrono_literals;

Power::Power(Model model, std::optional<base::Duration> boot_time)
    : starts_with_supply_(model == Model::sara_u2),
      // The R410's data sheet asks for 150 ms; what drives the pin counts in milliseconds, so a
      // pulse meant to be 150 ms must pass.
      shortest_on_pulse_(model == Model::sara_u2 ? base::Duration(50us) : base::Duration(140ms)),
      power_off_pulse_(model == Model::sara_u2 ? 1000ms : 1500ms),
      boot_time_(boot_time.value_or(model == Model::sara_u2 ? 3500ms : 4500ms)) {}

Power::Change Power::boot(base::Instant now) {
  state_ = State::booting;
  boot_done_ = now + boot_time_;
  return Change::started;
}

Power::Change Power::set_supply(bool on, base::Instant now) {
  if (on == supplied_) return Change::none;
  supplied_ = on;
  if (!on) {
    const bool was_off = state_ == State::off;
    state_ = State::off;
    boot_done_.reset();
    return was_off ? Change::none : Change::stopped;
  }
  pulse_began_ = now;
  if (!starts_with_supply_) return Change::none;
  if (reset_pin_high_) return boot(now);
  state_ = State::held_in_reset;
  return Change::none;
}

Power::Change Power::set_power_pin(bool high, base::Instant now) {
  if (high == power_pin_high_) return Change::none;
  power_pin_high_ = high;
  if (!high) {
    pulse_began_ = now;
    return Change::none;
  }
  if (!supplied_) return Change::none;
  const base::Duration pulse = now - pulse_began_;
  if (state_ == State::off && pulse >= shortest_on_pulse_) return boot(now);
  if (state_ == State::ready && pulse >= power_off_pulse_) {
    shut_down();
    return Change::stopped;
  }
  return Change::none;
}

Power::Change Power::set_reset_pin(bool high, base::Instant now) {
  if (high == reset_pin_high_) return Change::none;
  reset_pin_high_ = high;
  if (high) return state_ == State::held_in_reset ? boot(now) : Change::none;
  if (state_ == State::off) return Change::none;
  state_ = State::held_in_reset;
  boot_done_.reset();
  return Change::reset;
}

void Power::shut_down() {
  state_ = State::off;
  boot_done_.reset();
}

void Power::restart(base::Instant now) { boot(now); }

Power::Change Power::advance(base::Instant now) {
  if (!boot_done_ || *boot_done_ > now) return Change::none;
  boot_done_.reset();
  state_ = State::ready;
  return Change::ready;
}

}  // namespace rig::modem
