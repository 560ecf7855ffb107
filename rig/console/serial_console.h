// A console at a serial port. A port that goes away (unplugged, re-enumerated, its hub without
// power) is reported at once, looked for and opened again, under whatever name it comes back: a
// port on USB is known by its place and its device, not by its name.
#pragma once

#include <optional>
#include <string>

#include "console/console.h"
#include "console/intake.h"
#include "console/port_match.h"
#include "console/serial_port.h"
#include "io/byte_stream.h"
#include "io/timer.h"

namespace rig::console {

class SerialConsole final : public Console {
 public:
  struct Place {
    PortMatch match{};
    SerialSettings settings{};
    // The board's own USB port is only there while the board has power: begin without it, and
    // report it as Returned when it comes.
    bool may_be_absent{false};
    // How often a port that is gone is looked for; greater than 0. What a device says before its
    // port is open again is only kept as far as the device itself does.
    io::Duration look_every{std::chrono::milliseconds(20)};
    PortRoots roots{};
  };

  // Throws base::RigError: not there (unless it may be absent), no right, in use, a setting that
  // the adapter refuses; the log cannot be opened. Throws base::UsageError: several ports match.
  SerialConsole(io::Loop& loop, ConsoleSettings settings, Place place);
  ~SerialConsole() override;

  [[nodiscard]] const std::string& name() const override { return intake_.name(); }
  void listen(Listener listener) override { intake_.listen(std::move(listener)); }
  void write(base::ByteView bytes) override;
  [[nodiscard]] bool present() const override { return stream_.has_value(); }
  void end_line() override { intake_.end_line(); }
  // Throws base::RigError when the adapter refuses. A port that has just gone feeds nothing; one
  // that returns is held low again.
  void release_board(bool released) override;
  void hold_log(bool held) override { intake_.hold_log(held); }
  [[nodiscard]] std::optional<Time> last_received() const override {
    return intake_.last_received();
  }
  [[nodiscard]] std::uint64_t received() const override { return intake_.received(); }

  // The device node in use, or the last one.
  [[nodiscard]] const std::string& node() const { return node_; }
  // Why a port that is gone could not be opened again, the last time it was tried.
  [[nodiscard]] const std::string& why_absent() const { return why_absent_; }

 private:
  [[nodiscard]] bool may_be_there() const;
  void open();
  void remember(const std::string& node);
  void note_counters();
  void receive(base::ByteView bytes, Time now);
  void vanish(std::error_code error, Time now);
  void look_later();
  void look();
  [[nodiscard]] bool try_to_open();

  io::Loop& loop_;
  Intake intake_;
  Place place_;
  io::Timer search_;
  std::string node_;
  std::string why_absent_;
  bool opened_before_{false};
  bool released_{false};
  bool held_by_another_{false};
  std::optional<SerialPort> port_;
  std::optional<io::ByteStream> stream_;  // after the port: it goes first
};

}  // namespace rig::console
