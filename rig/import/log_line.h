// What one line of a device log says, in the words that all logs share. Three dialects: status
// lines of an imp's server, Particle events (JSON of `particle subscribe`, or "name data published
// at TIME"), and whatever a serial console prints behind a time-stamp. Only the first two are fixed
// by somebody; a serial line is understood by the words in it, and is plain text otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "import/log_time.h"

namespace rig::import {

enum class Dialect : std::uint8_t { imp, particle, serial };

enum class What : std::uint8_t {
  text,            // nothing that the structure needs
  connected,       // with its server
  disconnected,    // may bring sent and received
  triggered,       // told to update
  downloading,     // begins to fetch
  progress,        // may bring bytes
  finished,        // the update arrived whole
  failed,          // given up
  reset,           // boots
  reset_reported,  // tells of a boot that happened before
  safe_mode,
  version,  // text: the version
};

struct LogLine {
  std::size_t number{};  // from 1
  Stamp stamp;
  Dialect dialect{Dialect::serial};
  What what{What::text};
  std::optional<std::uint64_t> sent{};      // bytes of the session
  std::optional<std::uint64_t> received{};  // bytes of the session
  std::optional<std::uint64_t> bytes{};     // of the image, so far
  std::optional<std::uint64_t> of{};        // size of the image
  std::string text{};                       // the line without its stamp
};

[[nodiscard]] std::string_view name_of(Dialect dialect);
[[nodiscard]] std::string_view name_of(What what);

// Fills in everything but number, stamp and text from `line.text`, which is behind the stamp.
// False: it is none of that dialect. A serial line is never refused.
[[nodiscard]] bool read_imp(LogLine& line);
void read_serial(LogLine& line);
// A whole line: the stamp is inside of it. False: it is no event. `problem`: it is one, and this is
// wrong with it.
[[nodiscard]] bool read_particle(std::string_view whole, LogLine& line, std::string& problem);

}  // namespace rig::import
