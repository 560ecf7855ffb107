// The time-stamp in front of a log line, in the forms that device logs have:
//
//   2014-02-20 21:16:19 UTC-7: ...     calendar, with an offset ("UTC+5:30" too)
//   2019-03-01T08:15:02.123Z ...       calendar, ISO 8601; without a zone taken for UTC
//   1551427202.123 ...                 calendar, seconds since 1970; 13 digits: milliseconds
//   [   12.345678] ...                 uptime of the device, seconds
//   0000012345 ...                     uptime, ten digits of milliseconds (device-os)
//   21:16:19.123 ...                   time of day, whose date nobody told
//
// Brackets around a stamp and a colon behind it are part of it. Pure text; no time zone database.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rig::import {

using Micros = std::chrono::microseconds;

enum class Clock : std::uint8_t { calendar, day, uptime };

struct Stamp {
  Clock clock{Clock::calendar};
  Micros at{};  // since 1970-01-01 00:00 UTC, since midnight, since the device started
  bool operator==(const Stamp&) const = default;
};

struct StampReading {
  std::optional<Stamp> stamp;  // absent: the line starts with something else
  std::string_view rest;       // behind the stamp, of the line that was given
  std::string problem;         // the form of a stamp with a number that cannot be: what is wrong
};
[[nodiscard]] StampReading take_stamp(std::string_view line);

// "2014-02-21 04:16:19 UTC", "21:16:19", "12.345s"; parts of a second only where there are any.
[[nodiscard]] std::string to_text(const Stamp& stamp);
// "37s", "0.25s".
[[nodiscard]] std::string to_text(Micros length);

}  // namespace rig::import
