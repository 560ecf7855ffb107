// One opened and configured serial port, and its end. Configured through libserialport; read and
// written through its descriptor by the loop, because libserialport's own reading spins after a
// hang-up. A pseudo-terminal is taken as well (an emulator's, a test's): it has no baud rate and no
// modem lines, which libserialport refuses, so it is only made raw.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "console/feed.h"
#include "io/unique_fd.h"

struct sp_port;

namespace rig::console {

struct SerialSettings {
  enum class Parity : std::uint8_t { none, even, odd };
  enum class Flow : std::uint8_t { none, rts_cts, xon_xoff };
  // Many boards wire these to reset or boot selection. The kernel raises both while it opens a
  // port; no program can prevent that pulse, only make it the last one.
  enum class ModemLine : std::uint8_t { asserted, released };
  // What the kernel still holds when the port is opened the first time. Nothing is ever discarded
  // when a port that vanished is opened again: that would be the start of a boot.
  enum class Stale : std::uint8_t { keep, discard };

  int baud{115'200};  // any the adapter can do
  int data_bits{8};   // 5 to 8
  int stop_bits{1};   // 1 or 2
  Parity parity{Parity::none};
  Flow flow{Flow::none};
  ModemLine dtr{ModemLine::asserted};
  ModemLine rts{ModemLine::asserted};  // with Flow::rts_cts the kernel drives it
  // Closing lowers DTR and RTS, which resets some boards; by default they stay as they are.
  bool drop_lines_on_close{false};
  Stale stale{Stale::keep};
};

class SerialPort {
 public:
  // `node` is the device itself, no link to it ("/dev/ttyUSB0"). Exclusive against other programs
  // (TIOCEXCL) and other otarigs (flock). Bytes with faults are received, too.
  //
  // Throws base::RigError: not there, no right (says what to do), held by another program (says
  // which, where /proc shows it), a setting the adapter cannot do.
  SerialPort(const std::string& node, const SerialSettings& settings);
  // What was written and has not left yet is dropped: closing never waits for a stuck peer. The
  // pins get their levels back from hold_low().
  ~SerialPort();
  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  void discard_input();
  // The device behind it is gone, whether or not the loop has heard of it yet.
  [[nodiscard]] bool hung_up() const;
  // TX low (a break) and DTR and RTS asserted, which is low at logic level: no pin of the adapter
  // feeds the board then, as far as the adapter can: some know no break. False: as configured. Does
  // nothing on a pseudo-terminal.
  void hold_low(bool held);
  // Empty where the driver does not count.
  [[nodiscard]] std::optional<LineCounters> counters() const;

 private:
  struct Close {
    void operator()(sp_port* port) const;
  };
  void lock();
  void open_serial();
  void open_terminal();
  void configure() const;
  void finish_terminal() const;

  std::string node_;
  SerialSettings settings_;
  io::UniqueFd locked_;                   // a pseudo-terminal is used through it
  std::unique_ptr<sp_port, Close> port_;  // a serial port through this
  int descriptor_{-1};
  bool held_low_{false};
};

}  // namespace rig::console
