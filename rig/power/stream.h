// Bytes over one descriptor, every call with a deadline: a serial port, a TCP connection, a hidraw
// node. It polls the descriptor itself, because a blocking read of libserialport spins after a
// hang-up and takes an unplugged port for a silent one. It knows no protocol.
//
// A hang-up, an end of file and EIO are SwitchError(vanished): never silence.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/unique_fd.h"
#include "power/power_switch.h"

namespace rig::power {

class Stream {
 public:
  // `name` for errors: "LCUS relay at /dev/ttyUSB0". The descriptor becomes non-blocking.
  Stream(base::UniqueFd fd, std::string name);
  ~Stream();
  Stream(Stream&&) = default;
  Stream& operator=(Stream&&) = delete;

  // All of it, or SwitchError(no_answer) at the deadline.
  void write(base::ByteView bytes, Moment deadline);
  // Waits until the kernel has passed on what was written. A descriptor that has no such queue
  // (a socket) counts as done.
  void drain(Moment deadline);
  // At least one byte, or nothing when the deadline passes first.
  [[nodiscard]] base::Bytes read_some(Moment deadline);
  // Drops what has arrived; true when there was some. SwitchError(garbled) beyond 64 KiB.
  bool discard_input();
  // Waits for `length` bytes; fewer when the deadline passes first.
  [[nodiscard]] base::Bytes read_exactly(std::size_t length, Moment deadline);
  // Up to and including `last`; SwitchError(no_answer) at the deadline, (garbled) when more than
  // `limit` bytes come without it.
  [[nodiscard]] std::string read_until(char last, Moment deadline, std::size_t limit = 4096);
  // Waits; returns early only with SwitchError(vanished).
  void wait_until(Moment moment);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int descriptor() const { return fd_.get(); }

 private:
  [[nodiscard]] bool ready(short events, Moment deadline);
  [[nodiscard]] base::Bytes read_now();
  [[noreturn]] void fail(const char* verb, int error) const;

  base::UniqueFd fd_;
  std::string name_;
  bool is_socket_;
  std::string kept_;  // arrived behind the last read_until
};

}  // namespace rig::power
