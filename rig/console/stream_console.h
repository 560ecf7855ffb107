// A console over descriptors: the serial line of an emulator that was handed one end of a pair, a
// pipe, a socket. It lasts longer than what is behind it: the emulator of a board dies with each
// cut (Vanished) and the next one is attached (Returned).
#pragma once

#include <optional>

#include "console/console.h"
#include "console/intake.h"
#include "io/byte_stream.h"
#include "io/local_listener.h"
#include "io/unique_fd.h"

namespace rig::console {

class StreamConsole final : public Console {
 public:
  // Not present until attach(). Throws base::RigError when the log cannot be opened.
  StreamConsole(io::Loop& loop, ConsoleSettings settings);
  // Attaches whoever connects to a Unix domain socket at this path (io/local_listener.h).
  StreamConsole(io::Loop& loop, ConsoleSettings settings, const std::string& path);

  struct Ends {
    io::UniqueFd in{};
    io::UniqueFd out{};  // none: `in` is written to as well
  };
  // Takes what comes from here on, in place of what was attached before; `where` is for Returned
  // ("process 4711"), which is given except for the first time.
  void attach(Ends ends, std::string where);
  // Reads what is still there, then lets go of it: what was attached is known to be dead.
  void detach(const std::string& reason);

  [[nodiscard]] const std::string& name() const override { return intake_.name(); }
  void listen(Listener listener) override { intake_.listen(std::move(listener)); }
  void write(base::ByteView bytes) override;
  [[nodiscard]] bool present() const override { return stream_.has_value(); }
  void end_line() override { intake_.end_line(); }
  void release_board(bool released) override { released_ = released; }
  void hold_log(bool held) override { intake_.hold_log(held); }
  [[nodiscard]] std::optional<Time> last_received() const override {
    return intake_.last_received();
  }
  [[nodiscard]] std::uint64_t received() const override { return intake_.received(); }

 private:
  void vanish(const std::string& reason, Time now);

  io::Loop& loop_;
  Intake intake_;
  Ends ends_;
  std::optional<io::ByteStream> stream_;
  bool attached_before_{false};
  bool released_{false};
  std::optional<io::LocalListener> listener_;
};

}  // namespace rig::console
