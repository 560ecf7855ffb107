// A console that a program provides: its output is the console's, what is written goes to its
// input ("telnet terminal-server 7003", "adb shell", an emulator on its standard streams). The
// program is started again when it ends; a board's output is not lost to a time-out of a server.
#pragma once

#include <optional>
#include <string>

#include "console/stream_console.h"
#include "io/child.h"
#include "io/timer.h"

namespace rig::console {

class ProcessConsole final : public Console {
 public:
  struct Program {
    io::Command command{};  // its standard error becomes Trouble, line by line
    std::optional<io::Duration> start_again_after{std::chrono::seconds(1)};  // none: never
  };

  // Throws base::RigError when it cannot be started the first time, or the log cannot be opened.
  ProcessConsole(io::Loop& loop, ConsoleSettings settings, Program program);

  [[nodiscard]] const std::string& name() const override { return stream_.name(); }
  void listen(Listener listener) override;
  void write(base::ByteView bytes) override { stream_.write(bytes); }
  [[nodiscard]] bool present() const override { return stream_.present(); }
  void end_line() override { stream_.end_line(); }
  void release_board(bool released) override { stream_.release_board(released); }
  void hold_log(bool held) override { stream_.hold_log(held); }
  [[nodiscard]] std::optional<Time> last_received() const override {
    return stream_.last_received();
  }
  [[nodiscard]] std::uint64_t received() const override { return stream_.received(); }

 private:
  void start();
  void ended(const io::Outcome& outcome);
  void start_again();
  void complain(std::string what);

  io::Loop& loop_;
  Program program_;
  StreamConsole stream_;
  Listener listener_;
  io::Timer again_;
  std::optional<io::Child> child_;
};

}  // namespace rig::console
