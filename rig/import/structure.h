// The sessions that a log shows: one per attempt of the device to do something with its server.
//
// A session opens with the first line that tells of a connection or an update while none is open,
// and closes with a disconnection, the end of an update, a reset, or the next trigger. What the log
// does not show is absent, never guessed. A stretch is what was logged in one go: a silence of more
// than twelve hours begins another, and between stretches nothing is counted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "import/read_log.h"

namespace rig::import {

enum class Ending : std::uint8_t {
  disconnected,
  finished,
  failed,
  reset,
  next_trigger,
  end_of_log
};

struct Session {
  std::size_t first_line{};
  std::size_t last_line{};
  Stamp begin;
  Micros length{};  // so far, when it is open at the end of the log
  Ending ending{Ending::end_of_log};
  bool update{};         // it was about an update
  bool begins_before{};  // its end is all that the log has of it
  std::optional<std::uint64_t> sent{};
  std::optional<std::uint64_t> received{};
  std::optional<std::uint64_t> image_bytes{};  // fetched, at the last progress line
  std::optional<std::uint64_t> image_size{};
  std::optional<double> image_rate_bps{};  // between its first and last progress line
};

struct Seen {
  std::size_t line{};
  Stamp at;
  std::string text;
};

struct Stretch {
  std::size_t first_line{};
  std::size_t last_line{};
  Stamp begin;
  Stamp end;
  std::vector<Session> sessions;
  std::vector<Seen> resets;
  std::vector<Seen> safe_modes;
  std::vector<Micros> gaps;    // from the end of a session to the begin of the next
  std::vector<Micros> cycles;  // from the begin of an update session to that of the next
  std::size_t retries{};       // update sessions that followed one that did not finish
};

struct Structure {
  std::vector<Stretch> stretches;
  std::vector<Seen> versions;
};

[[nodiscard]] Structure structure_of(const Log& log);
[[nodiscard]] std::string_view name_of(Ending ending);
// The middle one; the mean of the two in the middle. Empty for an empty list.
[[nodiscard]] std::optional<Micros> median(std::vector<Micros> values);

}  // namespace rig::import
