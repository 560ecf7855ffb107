// A cellular modem with u-blox AT commands (SARA-U2 class, or SARA-R410M), its SIM, and what its
// network grants. Pure: bytes, pin levels, packets and `now` go in; bytes, packets and trace lines
// come out. Copied with the world.
//
// State rule: packet-data profile, sockets and registration reporting die with VCC, a low
// RESET pin, and AT+CPWROFF; they survive a reset or power loss of the MCU alone. On the R410
// AT+CGDCONT is kept in the modem's own non-volatile memory and survives everything.
//
// It takes 3.5 s (R410: 4.5 s) from power-on to its first answer; before that, and when off, it is
// silent and not clear to send. The dialogue's rules are in dialogue.h, the pins' in power.h.
//
// Trace texts of kind state: "power on", "ready", "registered", "attached apn=A ip=I",
// "refused apn=A" (with " reason=authentication" when the APN was right), "psd lost reason=R" (R:
// supply, reset, power-off, restart, deactivated, detached, network), "power off", "reset",
// "restart", "packet dropped reason=R port=P bytes=N", "input overflow". Data is traced as
// "<N bytes>".
//
// Not modelled: radio (cells, signal, roaming, loss of coverage), NAT and its timeouts, SMS and
// voice, more than one data profile, PINs, hardware flow control towards the host (the holder of
// the UART may keep UartBytes back).
#pragma once

#include <optional>
#include <vector>

#include "modem/core.h"
#include "modem/dialogue.h"
#include "modem/sim_card.h"
#include "modem/types.h"

namespace rig::modem {

class Modem {
 public:
  Modem(Model model, SimCard sim, NetworkSettings network, std::uint64_t seed);

  // VCC of the modem's own power domain. Off kills everything volatile at once.
  void set_supply(bool on, base::Instant now);
  // Levels driven by the MCU; both are active low pulses (PWR_ON, RESET_N), idle high.
  void set_power_pin(bool high, base::Instant now);
  void set_reset_pin(bool high, base::Instant now);
  // Bytes whose last bit has arrived at the modem's RXD by `now`.
  void host_bytes(base::ByteView bytes, base::Instant now);
  // A packet that the link delivered.
  void receive(const base::Packet& packet, base::Instant now);
  // The network ends the data session, as it may at any time: +UUPSDD.
  void end_session(base::Instant now);
  // Runs every timer due by `now`.
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  // The modem's CTS: false while it cannot take bytes (off, or its line buffer is full).
  [[nodiscard]] bool clear_to_send() const;
  // It has booted: what the host sends is heard.
  [[nodiscard]] bool ready() const { return core_.power.ready(); }

  void set_quirks(Quirks quirks) { core_.quirks = quirks; }

 private:
  void run_until(base::Instant now);
  void run_due(base::Instant now);
  void follow(Power::Change change, base::Instant now);

  Core core_;
  Dialogue dialogue_;
  bool supplied_{false};
};

}  // namespace rig::modem
