// The modem's power: its supply (VCC) and its two pins. Pure state machine; what is lost at each
// step is the Core's business.
//
//   off --(VCC rises [SARA-U2], or a low PWR_ON pulse long enough)--> booting --(boot time)-->
//   ready ready --(a low PWR_ON pulse of power_off_pulse, AT+CPWROFF)--> off any --(VCC falls)-->
//   off;  any but off --(RESET_N falls)--> held --(RESET_N rises)--> booting
//
// After the u-blox SARA-U2 (UBX-13005287) and SARA-R4 (UBX-16019228) data sheets, sections 4.2
// "Interface specification": pulse widths. A pulse is judged when it ends. RESET_N acts at its
// falling edge whatever the width of the pulse.
#pragma once

#include <cstdint>
#include <optional>

#include "modem/types.h"

namespace rig::modem {

class Power {
 public:
  enum class State : std::uint8_t { off, held_in_reset, booting, ready };
  enum class Change : std::uint8_t { none, started, ready, reset, stopped };

  // `boot_time` empty: as the model's data sheet.
  explicit Power(Model model, std::optional<base::Duration> boot_time = {});

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool ready() const { return state_ == State::ready; }

  [[nodiscard]] Change set_supply(bool on, base::Instant now);
  [[nodiscard]] Change set_power_pin(bool high, base::Instant now);
  [[nodiscard]] Change set_reset_pin(bool high, base::Instant now);
  // AT+CPWROFF.
  void shut_down();
  // AT+CFUN=16.
  void restart(base::Instant now);
  // Change::ready once, when the boot time has passed.
  [[nodiscard]] Change advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> due() const { return boot_done_; }

 private:
  Change boot(base::Instant now);

  bool starts_with_supply_;
  base::Duration shortest_on_pulse_;
  base::Duration power_off_pulse_;
  base::Duration boot_time_;
  State state_{State::off};
  bool supplied_{false};
  bool power_pin_high_{true};
  bool reset_pin_high_{true};
  base::Instant pulse_began_{};
  std::optional<base::Instant> boot_done_;
};

}  // namespace rig::modem
