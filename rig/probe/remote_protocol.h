// The packets of the GDB remote serial protocol, as QEMU's stub and OpenOCD's speak it. Pure.
// Source: GDB manual, appendix "GDB Remote Serial Protocol", sections "Overview" (framing,
// checksum, escapes, run length), "Packets", "Stop Reply Packets", "Packet Acknowledgment",
// "Notification Packets".
//
// On the wire: '$' payload '#' and the sum of the payload's bytes modulo 256 in two hex digits. In
// a payload 0x7D escapes the next byte (which is stored XOR 0x20), and in a reply "x*n" means that
// x comes n - 29 more times. '+' and '-' acknowledge a packet; '%' in place of '$' begins a
// notification, which nobody acknowledges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace rig::probe {

// A 32-bit target: Cortex-M is what the rig meets.
using Address = std::uint32_t;

// Framed, escaped, with its checksum.
[[nodiscard]] std::string framed(std::string_view payload);

struct Received {
  enum class Kind : std::uint8_t {
    acknowledged,  // '+'
    refused,       // '-': send it again
    packet,
    notification,
    damaged,  // framed, but its checksum, an escape or a run length is wrong
    garbage,  // a byte that cannot stand between packets, or a packet longer than kLongestPacket
  };
  Kind kind{Kind::packet};
  std::string payload{};  // of packet and notification: decoded; otherwise what was received
  bool operator==(const Received&) const = default;
};

// Bytes in any pieces become packets.
class PacketReader {
 public:
  static constexpr std::size_t kLongestPacket = 1U << 20;  // decoded, too

  // Appends what is now complete.
  void receive(base::ByteView bytes, std::vector<Received>& received);

 private:
  enum class State : std::uint8_t { between, payload, first_digit, second_digit };

  void between(char byte, std::vector<Received>& received);
  void finish(char second_digit, std::vector<Received>& received);

  State state_{State::between};
  bool notification_{false};
  char first_digit_{};
  std::string raw_;
};

// Why the target stands still: the packets T, S, W and X.
struct StopReply {
  enum class Kind : std::uint8_t { stopped, exited, killed };
  Kind kind{Kind::stopped};
  int number{};  // the signal (5 is a breakpoint, a watchpoint or a step), or the exit status
  // The data address of a watchpoint, when the stub tells which one it was.
  std::optional<Address> watch{};
  bool operator==(const StopReply&) const = default;
};
inline constexpr int kTrap = 5;

// Empty: no stop reply.
[[nodiscard]] std::optional<StopReply> parse_stop_reply(std::string_view payload);

// A breakpoint or a watchpoint.
struct Trigger {
  // Z0 is the stub's choice between an instruction in RAM and whatever else it has; Z1 is a
  // comparator of the CPU, which flash needs.
  enum class Kind : std::uint8_t { breakpoint, hardware_breakpoint, write, read, access };
  Kind kind{Kind::hardware_breakpoint};
  Address address{};
  std::uint32_t length{4};  // watchpoints: bytes; breakpoints ignore it
  bool operator==(const Trigger&) const = default;
};
[[nodiscard]] constexpr bool is_breakpoint(const Trigger& trigger) {
  return trigger.kind == Trigger::Kind::breakpoint ||
         trigger.kind == Trigger::Kind::hardware_breakpoint;
}
// "the breakpoint at 0x08000120", "the write of 4 bytes at 0x20000010".
[[nodiscard]] std::string to_text(const Trigger& trigger);

[[nodiscard]] std::string insert_command(const Trigger& trigger);
[[nodiscard]] std::string remove_command(const Trigger& trigger);
[[nodiscard]] std::string read_command(Address from, std::size_t length);
[[nodiscard]] std::string write_command(Address to, base::ByteView bytes);

[[nodiscard]] std::string to_hex(base::ByteView bytes);
// Empty: an odd number of digits, or something else than digits.
[[nodiscard]] std::optional<base::Bytes> from_hex(std::string_view digits);

// The value of `name` in an answer to qSupported: "PacketSize" of "PacketSize=1000;qXfer+" is
// "1000", "qXfer" is "+". Empty: it is not there.
[[nodiscard]] std::string feature(std::string_view answer, std::string_view name);

}  // namespace rig::probe
