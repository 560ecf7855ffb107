// The words that the modem shares with those who hold it: what it is, what it is told about its
// network, and what comes out of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"
#include "tcp/personality.h"

namespace rig::modem {

enum class Model : std::uint8_t { sara_u2, sara_r410 };

// How long things take, and what the network knows. The times may be shortened for tests in real
// time; what is named here is what the real ones take.
struct NetworkSettings {
  std::optional<base::Duration> boot_time{};  // power-on to the first answer; as the data sheet
  base::Duration answer_time{std::chrono::milliseconds(10)};  // a command takes it to twice of it
  base::Duration registration_time{std::chrono::seconds(3)};  // after the modem has booted
  base::Duration activation_time{std::chrono::milliseconds(900)};
  base::Duration refusal_time{std::chrono::seconds(2)};  // a wrong APN is refused after this
  std::map<std::string, std::uint32_t> hosts{};          // DNS: name -> IPv4 address
  // Names are asked for there, through the link; absent: looked up in `hosts`, at once.
  std::optional<base::Endpoint> resolver{};
  std::uint32_t address{0x0A000002};                   // what every activation grants: 10.0.0.2
  tcp::Personality transport{tcp::cellular_module()};  // of the TCP sockets
};

// Ways of real modems that a driver has to live with. All off by default.
struct Quirks {
  // Probability 0..1, per waiting notification and command, that a URC comes between a command and
  // the first line of its answer, as u-blox modems do now and then. Seeded.
  double urc_before_answer{0};
  // An empty line behind the data of +USORF and +USORD, as the SARA-G350 sends it.
  bool empty_line_after_data{false};
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

}  // namespace rig::modem
