// A recorded link in mahimahi's form: one line per opportunity to deliver, a whole number of
// milliseconds since the start, never less than the line before; an opportunity carries 1500 bytes.
// The last line is the length of the trace (not 0), which then begins anew.
//
// Our own byte-granular variant has a first line "# bytes N": an opportunity carries N bytes, so
// that 40 bytes need not wait for 1500. Other lines that begin with # are comments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"

namespace rig::link {

struct Trace {
  std::vector<std::uint32_t> milliseconds{};  // empty: no trace
  std::uint32_t opportunity_bytes{1500};

  [[nodiscard]] bool empty() const { return milliseconds.empty(); }
  [[nodiscard]] std::uint32_t period_ms() const { return milliseconds.back(); }
  [[nodiscard]] double mean_rate_bps() const;  // of a trace that is not empty
  bool operator==(const Trace&) const = default;
};

struct TraceError {
  std::uint32_t line{};  // 1..
  std::string what;      // what is wrong; what would be right
};

[[nodiscard]] std::variant<Trace, TraceError> read_trace(std::string_view text);
// Reading it again gives the same trace.
[[nodiscard]] std::string write_trace(const Trace& trace);

// An even rate as a trace of whole opportunities of 1500 bytes: of the lengths up to 1000 of them
// the one whose milliseconds come nearest to the rate. Empty below 0.003 bit/s (an opportunity in
// 46 days) and above 12 Gbit/s.
[[nodiscard]] std::optional<Trace> even_trace(double rate_bps);

}  // namespace rig::link
