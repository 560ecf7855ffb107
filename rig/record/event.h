// One entry of a timeline: something that happened in a cycle, at an instant, on a lane.
//
// A timeline is append-only and in order of time. Everything that the judge knows it knows from
// here; what is not recorded did not happen. Meaning of `address`, `value` and `text` per kind:
//
//   lane     kind             address        value             text
//   rig      cycle_begin      -              seed              scenario name
//   rig      provisioned      -              -                 what was put on the board
//   rig      update_offered   -              n-th offer, 1..   "user=2 system=700"
//   rig      cut_armed        -              -                 kind of trigger: "flash-op"
//   rig      cut_landed       of that op     flash op index    "phase=applying plan=CUT
//                                            (0: none)         op=program@0x08080040"
//   rig      cut_missed       -              -                 why the trigger never fired
//   rig      clean_reboot     -              n-th, 1..         -
//   rig      deadline         -              -                 name of the wait that expired
//   rig      note             -              -                 free text
//   rig      rig_fault        -              -                 first cause
//   rig      cycle_end        -              -                 -
//   power    off / on         -              -                 "board", "modem", "board+modem"
//   console  line             -              1: broken off     the line, without its end of line
//   device   observed         -              -                 "name key=value ..." (profile)
//   cpu      reset            -              -                 power pin software iwdg lockup
//   cpu      fault            PC             faulting address  what
//   cpu      pin              -              0 or 1            its name: "led.blue", "modem.power"
//   flash    program          first address  words, ascending  -
//   flash    erase            sector start   sector bytes      -
//   flash    torn             address        words or bytes    torn model
//   flash    refused          address        -                 why (locked, busy, protected)
//   modem    command, answer, urc            -                 one line of the dialogue, no CR LF
//   modem    state            -              -                 "attached apn=x", "psd lost", ...
//   link     dropped          -              wire bytes        "up" or "down" and the reason
//   link     shaped           -              -                 "NAME on|off", "profile NAME"
//   server   session to note  -              chunk index etc.  see rig/ota
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace rig::record {

enum class Lane : std::uint8_t { rig, power, console, device, cpu, flash, modem, link, server };

enum class EventKind : std::uint8_t {
  cycle_begin,
  provisioned,
  update_offered,
  cut_armed,
  cut_landed,
  cut_missed,
  clean_reboot,
  deadline,
  note,
  rig_fault,
  cycle_end,
  off,
  on,
  line,
  observed,
  reset,
  fault,
  pin,
  program,
  erase,
  torn,
  refused,
  command,
  answer,
  urc,
  state,
  dropped,
  session,
  describe,
  offer,
  progress,
  result,
  healing,
  shaped,
};

struct Event {
  base::Instant at{};
  Lane lane{Lane::rig};
  EventKind kind{EventKind::note};
  std::uint32_t address{};
  std::uint64_t value{};
  std::string text;

  bool operator==(const Event&) const = default;
};

using Timeline = std::vector<Event>;

[[nodiscard]] std::string_view name_of(Lane lane);
[[nodiscard]] std::string_view name_of(EventKind kind);

// "name key=value key=value": the first word, and the value of a key (empty view when absent).
[[nodiscard]] std::string_view first_word(std::string_view text);
[[nodiscard]] std::optional<std::string_view> field(std::string_view text, std::string_view key);

// One line per event, for people and for byte-wise comparison of timelines:
// "   12.345678901 console line        system ver=604 ..."
[[nodiscard]] std::string to_line(const Event& event);

// Lossless binary form, specified in timeline_format.md beside this file; versioned, uncompressed
// (the store compresses).
[[nodiscard]] std::vector<std::uint8_t> encode(const Timeline& timeline);
// Empty when the bytes are not a timeline of a known version.
[[nodiscard]] std::optional<Timeline> decode(const std::vector<std::uint8_t>& bytes);

}  // namespace rig::record
