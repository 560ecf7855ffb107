// The seam to a board's log output and to whatever it accepts as input. A driver opens in its
// constructor and closes in its destructor; it belongs to the thread of its loop.
//
// Events come through one callback, in the order in which things happened, from the loop and never
// from within a call of the console's own functions (end_line() excepted).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "console/event.h"

namespace rig::console {

class Console {
 public:
  // May call the console's functions; must not destroy it.
  using Listener = std::function<void(const Event&)>;

  Console() = default;
  virtual ~Console() = default;
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  [[nodiscard]] virtual const std::string& name() const = 0;

  // Replaces the listener. Set it before the loop runs: events without a listener are dropped (the
  // log has their bytes).
  virtual void listen(Listener listener) = 0;

  // Queued, never blocks. Throws base::RigError: the console has vanished, it takes no input, the
  // peer does not read (too much is queued), or release_board() is in force.
  virtual void write(base::ByteView bytes) = 0;

  // False between Vanished and Returned, and before what may be absent at the start is there.
  [[nodiscard]] virtual bool present() const = 0;

  // Hands over what was begun of a line: to be called when the board's power is cut, so that the
  // last words before a cut and the first words after it are two lines.
  virtual void end_line() = 0;

  // Before a cut: takes away what this console feeds a board through its pins, where it can (a
  // serial port holds TX low). After the power is back: gives it back. A console that drives no
  // pins has nothing to do.
  virtual void release_board(bool released) = 0;

  // While a cut is armed: received bytes stay in memory and are logged afterwards, so that no disk
  // delays the trigger.
  virtual void hold_log(bool held) = 0;

  // When the last byte came, if any: the proof of silence.
  [[nodiscard]] virtual std::optional<Time> last_received() const = 0;
  // All bytes so far; Line::offset counts them.
  [[nodiscard]] virtual std::uint64_t received() const = 0;
};

// What every driver needs to know.
struct ConsoleSettings {
  std::string name{};
  // Everything received, byte by byte, is appended to it; created if missing. Empty: no log.
  std::string log_file{};
  io::LineAssembler::Limits lines{};
};

}  // namespace rig::console
