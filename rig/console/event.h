// What a console has to tell, besides its lines. Silence is no event: whoever waits for a line sets
// a deadline. A port that is gone is never silence, and is never told by a line that fails to come.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "io/lines.h"

namespace rig::console {

using io::Line;
using io::Time;

// The port was unplugged or re-enumerates, or the process behind the console ended. Nothing is
// received until Returned. What was begun of a line came right before it.
struct Vanished {
  Time at{};
  std::string reason{};
};

// Open again, with the same settings; what the device said before, from its start on, may be lost.
struct Returned {
  Time at{};
  std::string where{};  // "/dev/ttyUSB1": it may have another name than before
};

// The kernel's driver counted faults of the line since the last report. What was received with a
// fault was received; what an overrun lost is nowhere.
struct LineFault {
  enum class Kind : std::uint8_t {
    framing,  // no stop bit: wrong baud rate, or a level that is none (power going)
    parity,
    line_break,      // held low for more than a character: TX of a board without power
    overrun,         // the adapter's or UART's FIFO was full: bytes lost
    buffer_overrun,  // the kernel's buffer was full: bytes lost
  };
  Time at{};
  Kind kind{Kind::framing};
  std::uint32_t count{};
};

// The rig's own part failed while the console goes on: the log's disk is full.
struct Trouble {
  Time at{};
  std::string what{};
};

using Event = std::variant<Line, Vanished, Returned, LineFault, Trouble>;

[[nodiscard]] const char* name_of(LineFault::Kind kind);  // "framing", "break", ...
[[nodiscard]] bool loses_bytes(LineFault::Kind kind);

}  // namespace rig::console
