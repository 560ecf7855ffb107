// Bytes as they arrive become lines of text. Pure: handed `now` with each piece.
//
// A line ends at LF; the CRs before it are dropped with it. One that gets too long is cut, and what
// follows is a line that `continues` it. So is what follows a flush: a prompt ("login: "), or the
// last words of a board that lost power, have no LF and are handed over after a silence. Bytes are
// neither lost nor invented: the lines' bytes, LFs and dropped CRs are exactly what arrived.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "io/time.h"

namespace rig::io {

enum class LineEnd : std::uint8_t {
  newline,
  silence,  // flushed: nothing more came for a while
  limit,    // cut: longer than a line may be
  closed,   // the stream ended, or its owner asked
};

struct Line {
  Time first{};            // when its first byte was read
  Time last{};             // when its last byte was read, its LF included
  std::uint64_t offset{};  // of its first byte in everything received
  std::string text{};      // printable(), without the line end
  LineEnd end{LineEnd::newline};
  bool continues{false};  // the line before it was flushed or cut in the middle
};

class LineAssembler {
 public:
  struct Limits {
    std::size_t longest{64U << 10};                    // bytes of one line, at least 1
    Duration silence{std::chrono::milliseconds(250)};  // 0: a begun line waits for ever
  };

  explicit LineAssembler(Limits limits) : limits_(limits) {}
  LineAssembler() : LineAssembler(Limits()) {}

  // Appends the lines that are now complete.
  void receive(base::ByteView bytes, Time now, std::vector<Line>& lines);
  // What was begun, if anything.
  [[nodiscard]] std::optional<Line> flush(LineEnd reason);
  // The same, if the silence has lasted.
  [[nodiscard]] std::optional<Line> flush_silent(Time now);
  // When flush_silent() should be called; empty when no line is begun.
  [[nodiscard]] std::optional<Time> wake_time() const;
  [[nodiscard]] std::uint64_t received() const { return received_; }

 private:
  void take(base::ByteView bytes, Time now);
  void end_at_newline(Time now, std::vector<Line>& lines);
  void cut_what_is_too_long(std::vector<Line>& lines);
  [[nodiscard]] Line finish(std::string_view bytes, LineEnd end);

  Limits limits_;
  std::string begun_;
  Time first_{};
  Time last_{};
  std::uint64_t received_{0};
  bool continues_{false};
};

}  // namespace rig::io
