// A cellular modem with u-blox AT commands (SARA-U2 class, or SARA-R410M), its SIM, and what its
// network grants. Pure: bytes, pin levels, packets and `now` go in; bytes, packets and trace lines
// come out. Copied with the world.
//
// State rule: packet-data profile, sockets and registration reporting die with VCC, a low
// RESET pin, and AT+CPWROFF; they survive a reset or power loss of the MCU alone. On the R410
// AT+CGDCONT is kept in the modem's own non-volatile memory and survives everything.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"
#include "modem/sim_card.h"

namespace rig::modem {

enum class Model : std::uint8_t { sara_u2, sara_r410 };

struct NetworkSettings {
  base::Duration registration_time{std::chrono::seconds(3)};  // after power-up
  base::Duration activation_time{std::chrono::milliseconds(900)};
  base::Duration refusal_time{std::chrono::seconds(2)};  // a wrong APN is refused after this
  std::map<std::string, std::uint32_t> hosts;            // DNS: name -> IPv4 address
};

// To the MCU, complete lines or binary answers; the UART paces them. `at` >= now.
struct UartBytes {
  base::Instant at{};
  base::Bytes bytes;
};
struct SendPacket {
  base::Packet packet;
};
// For the timeline. kind: command (host to modem), answer, urc, state.
enum class TraceKind : std::uint8_t { command, answer, urc, state };
struct Trace {
  base::Instant at{};
  TraceKind kind{};
  std::string text;
};
using Output = std::variant<UartBytes, SendPacket, Trace>;

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
  // Runs every timer due by `now`.
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  // The modem's CTS: false while it cannot take bytes (off, or its line buffer is full).
  [[nodiscard]] bool clear_to_send() const;
};

}  // namespace rig::modem
